import type { StandardSchemaV1 } from "@standard-schema/spec"
import { Ajv, type Options } from "ajv"
import { Ajv2019 } from "ajv/dist/2019.js"
import { Ajv2020 } from "ajv/dist/2020.js"
import formats from "ajv-formats"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { JsonValue } from "../../model/json-value.ts"
import { checkArgument } from "../../options/check-argument.ts"
import { checkOptions } from "../../options/check-options.ts"
import { having, kind } from "../../options/option-kinds.ts"
import { type AjvError, issuesOf } from "./issues-of.ts"
import { resolvedProperties } from "./resolved-properties.ts"

export type { AjvError } from "./issues-of.ts"

/** A function that ajv has compiled. */
export interface ValidateJson {
  /** Whether the value is valid. */
  (value: unknown): unknown
  /** What is wrong with the last value. */
  readonly errors?: readonly AjvError[] | null | undefined
}

/** The part of an instance of ajv that is used. */
export interface AjvLike {
  /** Compiles a schema, or throws. */
  compile(schema: object): ValidateJson
}

/** Options of `jsonSchema`. */
export interface JsonSchemaOptions {
  /**
   * Your own instance of ajv, with its keywords, formats and schemas. Create it with `allErrors: true`, or only the first issue of a row is found. Default: an
   * instance for the draft in `$schema`, or else for 2020-12, with the formats of ajv-formats.
   */
  readonly ajv?: AjvLike | undefined
}

/**
 * A JSON Schema as a schema for `validate`. It describes a row as an object: its properties are columns, and each issue blames the column that it is about, with
 * a code such as `schema.minimum`. The type of a row is the one that you name.
 *
 * Throws `SCHEMA_INVALID` if ajv cannot compile the schema.
 *
 * ```ts typecheck
 * import { createPipeline } from "rowgate"
 * import { jsonSchema } from "rowgate/json-schema"
 *
 * interface Order { readonly id: number; readonly country: string }
 * const order = jsonSchema<Order>({
 *   type: "object",
 *   properties: { id: { type: "integer", minimum: 1 }, country: { enum: ["DE", "FR"] } },
 *   required: ["id", "country"],
 * })
 * createPipeline({ name: "orders" }).from("orders.csv").validate(order)
 * ```
 */
export function jsonSchema<Row extends object = { readonly [column: string]: JsonValue }>(
  schema: object,
  options: JsonSchemaOptions = {},
): StandardSchemaV1<unknown, Row> {
  checkArgument("jsonSchema()", schema, kind("a JSON Schema as an object", isObject), "SCHEMA_INVALID")
  checkOptions("jsonSchema()", options, { ajv: having<AjvLike>("an instance of ajv", "compile") })
  const validate = compiled(schema, options.ajv ?? ajvFor(schema))
  const structure = resolvedProperties(schema)
  const standard = {
    version: 1,
    vendor: "rowgate",
    validate(value: unknown): StandardSchemaV1.Result<Row> {
      const issues = validate(value) === true ? [] : issuesOf(validate.errors ?? [], value)
      return issues.length === 0 ? { value: value as Row } : { issues }
    },
    jsonSchema: { input: () => structure, output: () => structure },
  } as const
  return { "~standard": standard }
}

/** Own keywords such as `example` are allowed, as in the schemas of OpenAPI. */
const settings: Options = { allErrors: true, strict: false, logger: false }

function ajvFor(schema: object): AjvLike {
  const draft = "$schema" in schema ? String(schema.$schema) : ""
  const Draft = /draft-0[67]/.test(draft) ? Ajv : draft.includes("2019-09") ? Ajv2019 : Ajv2020
  const ajv = new Draft(settings)
  formats.default(ajv)
  return ajv
}

function compiled(schema: object, ajv: AjvLike): ValidateJson {
  if ("$async" in schema && schema.$async === true) throw invalid("it is asynchronous ($async)")
  try {
    return ajv.compile(schema)
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error), error)
  }
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

function invalid(reason: string, cause?: unknown): RowgateError {
  return new RowgateError({
    code: "SCHEMA_INVALID",
    message: `jsonSchema() cannot use the schema: ${reason}.`,
    remedy: "Correct the schema, or pass an instance of ajv that knows its draft, keywords and references as the option ajv.",
    cause,
  })
}
