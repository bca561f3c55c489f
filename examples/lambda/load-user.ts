import pg from "pg"

/** Why a role is not fit to be the user of the functions, or null. */
const unfit = `
  SELECT CASE
    WHEN role.rolname = current_user OR role.oid = database.datdba THEN 'owns the database'
    WHEN role.rolsuper THEN 'is a superuser'
    WHEN role.rolcreaterole THEN 'may create roles'
    WHEN role.rolcreatedb THEN 'may create databases'
    WHEN role.rolreplication THEN 'may replicate'
    WHEN role.rolbypassrls THEN 'is not bound by row security'
    WHEN NOT role.rolcanlogin THEN 'may not log in'
    ELSE (
      SELECT 'is a member of "' || other.rolname || '"' FROM pg_roles AS other
      WHERE other.oid <> role.oid AND pg_has_role(role.oid, other.oid, 'MEMBER') AND (
        other.rolname = current_user OR other.oid = database.datdba OR other.rolname LIKE 'pg\\_%' OR other.rolname = 'rds_superuser'
        OR other.rolsuper OR other.rolcreaterole OR other.rolcreatedb OR other.rolreplication OR other.rolbypassrls)
      ORDER BY other.rolname LIKE 'pg\\_%', other.rolname LIMIT 1)
  END AS reason
  FROM pg_roles AS role, pg_database AS database
  WHERE role.rolname = $1 AND database.datname = current_database()`

/** Throws if PostgreSQL or a policy of IAM would not take this name as it is. */
export function checkName(user: string): void {
  const bytes = Buffer.byteLength(user)
  // PostgreSQL would cut the name, and then the one in policies of IAM would be another.
  if (bytes > 63) throw new Error(`LOAD_USER has ${bytes} bytes, and names of PostgreSQL have at most 63. Choose a shorter name.`)
  if (user.trim() !== user || /\p{Cc}/u.test(user)) {
    throw new Error(`LOAD_USER is ${JSON.stringify(user)}. Choose a name without line breaks, and without spaces at its ends.`)
  }
}

/** Whether the user of the functions exists. Throws if it can do more than load, or less. */
export async function findLoadUser(pool: pg.Pool, user: string): Promise<boolean> {
  const { rows } = await pool.query<{ readonly reason: string | null }>(unfit, [user])
  const reason = rows[0]?.reason ?? undefined
  if (reason !== undefined) throw new Error(`LOAD_USER is "${user}", which ${reason}. Set it to another user, for the functions only.`)
  return rows.length === 1
}

/** Creates the user of the functions. It has no password. */
export async function createLoadUser(pool: pg.Pool, user: string): Promise<void> {
  await pool.query(`CREATE ROLE ${pg.escapeIdentifier(user)} LOGIN`)
}

/** Amazon RDS has the role rds_iam. A user with this role logs in with tokens only. */
export async function allowTokens(pool: pg.Pool, user: string): Promise<boolean> {
  const { rowCount } = await pool.query("SELECT FROM pg_roles WHERE rolname = 'rds_iam'")
  if (rowCount === 0) return false
  await pool.query(`GRANT rds_iam TO ${pg.escapeIdentifier(user)}`)
  return true
}
