import pg from "pg"

/** What a role may do with each schema, table, column and sequence of a database, as PostgreSQL lists it. */
export async function rightsOf(pool: pg.Pool, role: string): Promise<readonly string[]> {
  const { rows } = await pool.query(
    `SELECT found.name || ': ' || rights.privilege_type AS right
     FROM (SELECT oid::regclass::text AS name, relacl AS acl FROM pg_class
           UNION ALL SELECT 'schema ' || nspname, nspacl FROM pg_namespace
           UNION ALL SELECT attrelid::regclass || '.' || attname, attacl FROM pg_attribute) AS found,
       aclexplode(found.acl) AS rights
     WHERE rights.grantee = $1::regrole ORDER BY 1`,
    [pg.escapeIdentifier(role)],
  )
  return rows.map(({ right }) => String(right))
}
