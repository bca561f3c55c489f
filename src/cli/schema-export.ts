import type { StandardSchemaV1 } from "@standard-schema/spec"
import { RowgateError } from "../errors/rowgate-error.ts"

/** The schema that a module exports: its default export, else the one named `schema`, else the only one. */
export function schemaOf(exports: { readonly [name: string]: unknown }, path: string): StandardSchemaV1<unknown, unknown> {
  for (const preferred of [exports["default"], exports["schema"]]) if (isSchema(preferred)) return preferred
  const schemas = Object.entries(exports).filter(([, value]) => isSchema(value))
  const [only] = schemas
  if (only !== undefined && schemas.length === 1 && isSchema(only[1])) return only[1]
  throw new RowgateError({
    code: "SCHEMA_INVALID",
    message:
      schemas.length === 0 ? `${path} exports no schema.` : `${path} exports several schemas: ${schemas.map(([name]) => name).join(", ")}.`,
    remedy: "Export one by default: a zod, valibot or arktype schema, or any other Standard Schema.",
    origin: { uri: path },
  })
}

function isSchema(value: unknown): value is StandardSchemaV1<unknown, unknown> {
  const isHolder = (typeof value === "object" || typeof value === "function") && value !== null
  return isHolder && "~standard" in value
}
