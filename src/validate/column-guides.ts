import type { StandardSchemaV1 } from "@standard-schema/spec"
import { RowgateError } from "../errors/rowgate-error.ts"
import type { ColumnGuide } from "../model/column-guide.ts"
import { jsonFacts } from "./guides/json-facts.ts"
import { zodFacts } from "./guides/zod-facts.ts"
import { jsonStructure } from "./json-structure.ts"
import type { SchemaColumn, SchemaUnion } from "./schema-column.ts"
import { requireSchema } from "./validate.ts"
import { isDefined } from "./zod-definition.ts"
import { zodStructure } from "./zod-structure.ts"

/**
 * What a person must know who fills in the columns of a schema: the kind of each, whether it is required, its values, bounds, formats, examples and
 * description. Takes a schema of zod, or any Standard Schema that provides its JSON schema. Throws `SCHEMA_INVALID` if the schema does not tell its columns.
 */
export function columnGuides(schema: StandardSchemaV1): readonly ColumnGuide[] {
  requireSchema("columnGuides()", schema)
  const { columns, union } = zodStructure(schema) ?? jsonStructure(schema)
  if (columns === undefined)
    throw new RowgateError({
      code: "SCHEMA_INVALID",
      message: "The schema does not tell its columns.",
      remedy: "Give a schema of one row, such as z.object({ ... }), or one that provides its JSON schema.",
    })
  return columns.map((column) => (union === undefined ? guideOf(column) : guideOfUnion(column, union)))
}

function guideOf(column: SchemaColumn): ColumnGuide {
  const facts = isDefined(column.schema) ? zodFacts(column.schema) : jsonFacts(column.parameters)
  return { name: column.name, kind: kindOf(column), required: column.whenMissing === "required", ...facts }
}

/** The objects of a union may read a column differently, so only values that all of them list are known. */
function guideOfUnion(column: SchemaColumn, { variants }: SchemaUnion): ColumnGuide {
  const { name, spec, whenMissing } = column
  const guides = variants.flatMap(({ columns }) => columns.filter((each) => each.name === name).map(guideOf))
  const isListed = guides.every(({ values }) => values !== undefined)
  const values = isListed ? { values: [...new Set(guides.flatMap((guide) => guide.values ?? []))] } : {}
  return {
    name,
    kind: kindOf({ spec, kind: guides[0]?.kind === "date" && spec === "timestamp" ? "date" : "any" }),
    required: whenMissing === "required",
    ...values,
  }
}

/** A schema has one type for dates and for instants, and most people who type one mean a day. */
function kindOf({ spec, kind }: Pick<SchemaColumn, "spec" | "kind">): ColumnGuide["kind"] {
  return kind === "date" ? "date" : spec
}
