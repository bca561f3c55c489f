import { identifier, literal } from "../sql/quoted-names.ts"
import type { ViolationOptions } from "./find-violations.ts"
import { ordinal } from "./typed-stage.ts"

/**
 * Finds all staged rows that the policies of the target do not let the user add. The server itself would only report them one at a time.
 */
export async function findPolicyViolations({ connection, target, stage, faults }: ViolationOptions): Promise<number> {
  if (!target.hasPolicies || target.isView) return 0
  const { rows } = await connection.query(
    `SELECT polpermissive AS permits, pg_get_expr(coalesce(polwithcheck, polqual), polrelid) AS expression
     FROM pg_policy WHERE polrelid = to_regclass($1) AND polcmd IN ('a', '*') AND coalesce(polwithcheck, polqual) IS NOT NULL
       AND EXISTS (SELECT FROM unnest(polroles) AS role WHERE role = 0 OR pg_has_role(role, 'USAGE'))`,
    [target.sql],
  )
  const expressions = (permits: boolean) => rows.filter((row) => row["permits"] === permits).map(({ expression }) => `(${expression})`)
  const allowed = [`(${expressions(true).join(" OR ") || "false"})`, ...expressions(false)].join(" AND ")
  const message = `new row violates row-level security policy for table ${identifier(target.table)}`
  // An expression with a subquery refers to the row's columns by the name of the table.
  return faults.add(
    `SELECT ${ordinal}, '42501', ${literal(message)}, NULL, NULL FROM ${stage.table} AS ${identifier(target.table)}
     WHERE (${allowed}) IS NOT TRUE AND NOT EXISTS (SELECT FROM ${faults.table} f WHERE f.n = ${ordinal})`,
  )
}
