import { readFile } from "node:fs/promises"

/** A Vite plugin: `import text from "./file.sql"` gives the file's text, as esbuild's text loader does in the build. */
export function sqlText(): { readonly name: string; load(id: string): Promise<string | undefined> } {
  return {
    name: "sql-text",
    async load(id) {
      return id.endsWith(".sql") ? `export default ${JSON.stringify(await readFile(id, "utf8"))}` : undefined
    },
  }
}
