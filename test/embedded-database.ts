import { readFileSync } from "node:fs"
import { mkdir, readFile, rename, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { PGlite } from "@electric-sql/pglite"

const modules = fileURLToPath(new URL("../node_modules", import.meta.url))
const { version }: { version: string } = JSON.parse(readFileSync(join(modules, "@electric-sql/pglite/package.json"), "utf8"))
const cache = join(modules, ".cache")
const cluster = join(cache, `rowgate-pglite-${version}.tar`)

/** An empty embedded database in memory. Only the first one on a machine is made by initdb, which takes seconds: others begin with its files. */
export async function embeddedDatabase(): Promise<PGlite> {
  const made = await readFile(cluster).catch(() => undefined)
  if (made !== undefined) return await PGlite.create({ loadDataDir: new Blob([made]) })
  const database = await PGlite.create()
  const files = await database.dumpDataDir("none")
  // Whole or not at all: other test files look for it at the same time.
  await mkdir(cache, { recursive: true })
  const part = `${cluster}.${process.pid}`
  await writeFile(part, Buffer.from(await files.arrayBuffer()))
  await rename(part, cluster)
  return database
}
