// `node --import ./tools/sql-import.mjs`: `import text from "./file.sql"` gives the file's text when sources run without a build.
import { readFile } from "node:fs/promises"
import { register } from "node:module"
import { isMainThread } from "node:worker_threads"

if (isMainThread) register(import.meta.url)

/** @type {import("node:module").LoadHook} */
export async function load(url, context, next) {
  if (!url.endsWith(".sql")) return next(url, context)
  const text = await readFile(new URL(url), "utf8")
  return { format: "module", shortCircuit: true, source: `export default ${JSON.stringify(text)}` }
}
