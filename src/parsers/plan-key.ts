import { tableName } from "./table-name.ts"

/** What the plan calls a file's table: its name, or the whole path within an archive, where two folders may hold files of one name. */
export function planKey(uri: string): string {
  const within = uri.indexOf("!/")
  return within < 0 ? tableName(uri) : uri.slice(within + 2)
}
