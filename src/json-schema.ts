export { type AjvError, type AjvLike, type JsonSchemaOptions, jsonSchema, type ValidateJson } from "./validate/json-schema/json-schema.ts"
