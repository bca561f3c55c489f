import { RowgateError } from "../../errors/rowgate-error.ts"
import type { ColumnGuide } from "../../model/column-guide.ts"
import { checkArgument } from "../../options/check-argument.ts"
import { checkOptions } from "../../options/check-options.ts"
import { text } from "../../options/option-kinds.ts"
import type { Connection } from "../connection/database.ts"
import { lineageColumns } from "../target/column-names.ts"
import { tableConstraints } from "../target/constraints.ts"
import { namedTable, type TargetColumn, type TargetTable, targetTable } from "../target/target-table.ts"
import { checkRules } from "./check-rules.ts"
import { checkAccess, type LedgerAccess, onLedger } from "./ledger-access.ts"

/** Options of `tableGuides`. */
export interface TableGuidesOptions {
  /** The table's schema. Default: the schema in which the connection's search path finds the table. */
  readonly schema?: string | undefined
}

/** What a person must know who fills in rows of a table. */
export interface TableGuides {
  /** The columns that rows have to bring, in the order of the table. */
  readonly columns: readonly ColumnGuide[]
  /** Columns that the database fills itself: by an identity, an expression, or a default such as `now()`. */
  readonly filled: readonly string[]
}

/**
 * What a person must know who fills in rows of a table: the types, enumerations, constraints and comments of its columns. Throws `SINK_SCHEMA_MISMATCH` if
 * the table does not exist, and `SINK_UNREACHABLE`.
 */
export async function tableGuides(access: LedgerAccess, table: string, options: TableGuidesOptions = {}): Promise<TableGuides> {
  checkAccess("tableGuides()", access)
  checkArgument("The table of tableGuides()", table, text("the name of a table"))
  checkOptions("tableGuides()", options, { schema: text("the name of a schema") })
  return onLedger(access, async (connection) => {
    const found = await targetTable(connection, namedTable(table, options.schema))
    if (found === undefined)
      throw new RowgateError({
        code: "SINK_SCHEMA_MISMATCH",
        message: `The table ${options.schema === undefined ? "" : `${options.schema}.`}${table} does not exist.`,
        remedy: "Name a table of the database.",
        origin: { table },
      })
    return guidesOf(connection, found)
  })
}

async function guidesOf(connection: Connection, table: TargetTable): Promise<TableGuides> {
  const details = await columnDetails(connection, table.sql)
  const { uniques, foreignKeys } = await tableConstraints(connection, table)
  const lineage = new Set<string>(lineageColumns.map(({ name }) => name))
  const columns: ColumnGuide[] = []
  const filled: string[] = []
  for (const column of table.columns.values()) {
    const { constant, labels, description, checks } = details.get(column.name) ?? noDetails
    if (lineage.has(column.name)) continue
    if (column.generated || (column.hasDefault && constant === undefined)) {
      filled.push(column.name)
      continue
    }
    const typed = typeFacts(column)
    const rules = checkRules(column.name, checks)
    const unique = uniques.some((index) => index.columns?.length === 1 && index.columns[0] === column.name)
    const references = foreignKeys.filter((key) => key.columns.length === 1 && key.columns[0] === column.name)
    const notes = [
      ...(description === undefined ? [] : [description]),
      ...typed.notes,
      ...rules.notes,
      ...(unique ? ["Each value only once."] : []),
      ...references.map(({ referenced, referencedColumns }) => `It must be in the column ${referencedColumns[0]} of ${referenced}.`),
      ...(constant === undefined ? [] : [`The default of the database is ${constant}, but it does not replace a blank cell.`]),
    ]
    const { notes: _typed, ...facts } = typed
    const { notes: _checked, ...bounds } = rules
    const values = rules.values ?? labels
    columns.push({
      name: column.name,
      required: column.notNull,
      ...facts,
      ...bounds,
      ...(values === undefined ? {} : { values }),
      ...(notes.length === 0 ? {} : { notes }),
    })
  }
  return { columns, filled }
}

type TypeFacts = Pick<ColumnGuide, "kind" | "minimum" | "maximum" | "maxLength" | "scale" | "example"> & {
  readonly notes: readonly string[]
}

function typeFacts({ type, format }: TargetColumn): TypeFacts {
  const notes: readonly string[] = []
  switch (format.kind) {
    case "integer": {
      const { min = 0, max = 0 } = format
      const isExact = Number.isSafeInteger(max)
      return { kind: "integer", ...(isExact ? { minimum: { value: min }, maximum: { value: max } } : {}), notes }
    }
    case "float":
      return { kind: "number", notes }
    case "numeric":
      return { kind: "decimal", ...(format.scale === undefined ? {} : { scale: format.scale }), notes }
    case "boolean":
    case "date":
    case "json":
      return { kind: format.kind, notes: format.kind === "json" ? ["JSON."] : notes }
    case "timestamp":
      return { kind: "timestamp", notes }
    case "text":
      return { kind: "text", ...(format.length === undefined ? {} : { maxLength: format.length }), notes }
    default:
      if (type === "uuid") return { kind: "text", notes: ["It must be a UUID."], example: "123e4567-e89b-42d3-a456-426614174000" }
      if (type.startsWith("time")) return { kind: "text", notes: ["A time of day."], example: "14:30:00" }
      return { kind: "text", notes: format.binary === "text" ? notes : [`It must be of the type ${type} of PostgreSQL.`] }
  }
}

interface ColumnDetails {
  /** The default, if it is a constant. */
  readonly constant: string | undefined
  /** The values of an enumeration. */
  readonly labels: readonly string[] | undefined
  /** The comment on the column. */
  readonly description: string | undefined
  /** The CHECKs on this column alone and those of its domain, as SQL. */
  readonly checks: readonly string[]
}

const noDetails: ColumnDetails = { constant: undefined, labels: undefined, description: undefined, checks: [] }

async function columnDetails(connection: Connection, sql: string): Promise<ReadonlyMap<string, ColumnDetails>> {
  const { rows } = await connection.query(
    `SELECT a.attname::text AS name, pg_get_expr(d.adbin, d.adrelid) AS expression, col_description(a.attrelid, a.attnum) AS description,
            (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder)::text FROM pg_enum e
             WHERE e.enumtypid = coalesce(nullif(t.typbasetype, 0), t.oid)) AS labels,
            (SELECT json_agg(replace(pg_get_expr(c.conbin, c.conrelid), CASE WHEN c.contypid <> 0 THEN 'VALUE' ELSE '' END, quote_ident(a.attname)) ORDER BY c.conname)::text
             FROM pg_constraint c
             WHERE c.contype = 'c' AND (c.conrelid = a.attrelid AND c.conkey = ARRAY[a.attnum] OR c.contypid = a.atttypid AND t.typtype = 'd')) AS checks
     FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped`,
    [sql],
  )
  const list = (value: unknown): readonly string[] | undefined => (typeof value === "string" ? JSON.parse(value) : undefined)
  return new Map(
    rows.map((row) => {
      const { name, expression, description, labels, checks } = row
      const constant = typeof expression === "string" ? constantText(expression) : undefined
      const about = typeof description === "string" && description !== "" ? description : undefined
      return [String(name), { constant, labels: list(labels), description: about, checks: list(checks) ?? [] }]
    }),
  )
}

/** The value of a default such as `'new'::text`; undefined for a function, whose value nobody can type. */
function constantText(expression: string): string | undefined {
  const [, quoted, plain] = /^(?:'((?:[^']|'')*)'(?:::[^'()]+(?:\(\d+\))?)?|(-?\d+(?:\.\d+)?|true|false))$/.exec(expression) ?? []
  return quoted?.replaceAll("''", "'") ?? plain
}
