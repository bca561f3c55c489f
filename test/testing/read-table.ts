/** What stands in a table, if there is one yet. */
export async function readTable(table: string, query: (sql: string) => Promise<object[]>): Promise<readonly object[]> {
  const [found] = await query(`SELECT 1 FROM pg_class WHERE relname = '${table}'`)
  return found === undefined ? [] : query(`SELECT * FROM ${table}`)
}
