import { tableName } from "./table-name.ts"

/** What the plan calls a file's table: its name. In an archive it is the whole path, because two folders may hold files of the same name. */
export function planKey(uri: string): string {
  const within = uri.indexOf("!/")
  return within < 0 ? tableName(uri) : uri.slice(within + 2)
}
