/** The rows of a table, if it exists. */
export async function readTable(table: string, query: (sql: string) => Promise<object[]>): Promise<readonly object[]> {
  const [found] = await query(`SELECT 1 FROM pg_class WHERE relname = '${table}'`)
  return found === undefined ? [] : query(`SELECT * FROM ${table}`)
}
