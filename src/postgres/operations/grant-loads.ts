import { RowgateError } from "../../errors/rowgate-error.ts"
import { checkOptions } from "../../options/check-options.ts"
import { flag, needed, oneOf, text } from "../../options/option-kinds.ts"
import type { Connection } from "../connection/database.ts"
import { identifier, quotedTable } from "../sql/quoted-names.ts"
import { checkAccess, type LedgerAccess, onLedger } from "./ledger-access.ts"

/** Options of `grantLoads`. */
export interface GrantLoadsOptions {
  /** The user, which must exist. Upper and lower case count. */
  readonly user: string
  /** The table that the user loads into, which must exist. */
  readonly table: string
  /** The schema of the table. Default: the search path of the connection finds it. */
  readonly schema?: string | undefined
  /** The mode of the loads, as in `postgres()`. Default: `"append"`. */
  readonly mode?: LoadMode | undefined
  /** Whether the user may also `reload` files, which removes the rows of the earlier load. Default: false. */
  readonly reload?: boolean | undefined
}

/** What `grantLoads` did. */
export interface GrantLoadsReport {
  /** The statements that it ran, in order. */
  readonly statements: readonly string[]
}

type LoadMode = keyof typeof rightsOfMode

const rightsOfMode = {
  append: "SELECT, INSERT",
  "insert-only": "SELECT, INSERT",
  upsert: "SELECT, INSERT, UPDATE",
  scd2: "SELECT, INSERT, UPDATE",
  replace: "SELECT, INSERT, DELETE",
  "delete-missing": "SELECT, INSERT, UPDATE, DELETE",
} as const

const ledgerRights = [
  "USAGE, CREATE ON SCHEMA rowgate",
  "USAGE ON SEQUENCE rowgate.token",
  "SELECT, INSERT, UPDATE ON rowgate.run, rowgate.outbox, rowgate.part",
  "SELECT, INSERT ON rowgate.quality_score, rowgate.column_profile",
  "SELECT, INSERT, UPDATE (corrected_by) ON rowgate.reject",
  "SELECT, INSERT, UPDATE, DELETE ON rowgate.staging",
  "SELECT, INSERT, DELETE ON rowgate.part_refusal",
]

/**
 * Grants a user what loads into a table need, whole or in parts, and what follow-ups, replays and the sweeper need. It grants nothing else, not
 * even `SELECT` on tables that foreign keys refer to, which such loads need too. You can call it at any time; call it again after `migrate`. Call it as the
 * owner of the ledger and of the table. Throws `LEDGER_MISSING`, `SINK_UNREACHABLE`, `SINK_SCHEMA_MISMATCH` if the table does not exist, or `SINK_REFUSED` if the user
 * does not exist or you may not grant.
 */
export async function grantLoads(access: LedgerAccess, options: GrantLoadsOptions): Promise<GrantLoadsReport> {
  checkAccess("grantLoads()", access)
  checkOptions("grantLoads()", options, {
    user: needed(text("the name of a user")),
    table: needed(text("the name of a table")),
    schema: text("the name of a schema"),
    mode: oneOf("append", "replace", "upsert", "insert-only", "delete-missing", "scd2"),
    reload: flag(),
  })
  return onLedger(access, async (connection) => {
    const statements = (await rights(connection, options)).map((right) => `GRANT ${right} TO ${identifier(options.user)}`)
    try {
      await connection.query("BEGIN")
      for (const statement of statements) await connection.query(statement)
      await connection.query("COMMIT")
      return { statements }
    } catch (error) {
      await connection.query("ROLLBACK").catch(() => undefined)
      throw error
    }
  })
}

async function rights(connection: Connection, { schema, table, mode = "append", reload = false }: GrantLoadsOptions): Promise<string[]> {
  const { rows } = await connection.query(
    `SELECT quote_ident(n.nspname) AS schema, format('%I.%I', n.nspname, c.relname) AS table
     FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = to_regclass($1)`,
    [quotedTable({ schema, table })],
  )
  const [found] = rows
  if (found === undefined) throw noTable(schema === undefined ? table : `${schema}.${table}`)
  const ofTable = reload && !rightsOfMode[mode].includes("DELETE") ? `${rightsOfMode[mode]}, DELETE` : rightsOfMode[mode]
  const sequences = await sequencesOf(connection, String(found["table"]))
  return [
    ...ledgerRights,
    `USAGE ON SCHEMA ${found["schema"]}`,
    ...sequences.map((name) => `USAGE ON SEQUENCE ${name}`),
    `${ofTable} ON ${found["table"]}`,
  ]
}

/** The sequences of columns such as `serial`. Those of identity columns need no right. */
async function sequencesOf(connection: Connection, table: string): Promise<readonly string[]> {
  const { rows } = await connection.query(
    `SELECT format('%I.%I', n.nspname, s.relname) AS name
     FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class s ON s.oid = d.objid JOIN pg_catalog.pg_namespace n ON n.oid = s.relnamespace
     WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = $1::regclass
       AND d.deptype = 'a' AND s.relkind = 'S' ORDER BY 1`,
    [table],
  )
  return rows.map(({ name }) => String(name))
}

function noTable(name: string): RowgateError {
  return new RowgateError({
    code: "SINK_SCHEMA_MISMATCH",
    message: `The table ${name} does not exist, so nothing was granted.`,
    remedy: "Create the table first, or correct the name of the table or the schema.",
    origin: { uri: name },
  })
}
