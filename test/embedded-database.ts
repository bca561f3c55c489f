import { existsSync, readFileSync } from "node:fs"
import { cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { PGlite } from "@electric-sql/pglite"

const modules = fileURLToPath(new URL("../node_modules", import.meta.url))
const { version }: { version: string } = JSON.parse(readFileSync(join(modules, "@electric-sql/pglite/package.json"), "utf8"))
const cache = join(modules, ".cache")
const cluster = join(cache, `rowgate-pglite-${version}.tar`)
const clusterFolder = join(cache, `rowgate-pglite-${version}`)

/** An empty embedded database in memory. Only the first one on a machine runs initdb, which takes seconds; the others start from its files. */
export async function embeddedDatabase(): Promise<PGlite> {
  const made = await readFile(cluster).catch(() => undefined)
  if (made !== undefined) return await PGlite.create({ loadDataDir: new Blob([made]) })
  const database = await PGlite.create()
  const files = await database.dumpDataDir("none")
  // Create it atomically, because other test files look for it at the same time.
  await mkdir(cache, { recursive: true })
  const part = `${cluster}.${process.pid}`
  await writeFile(part, Buffer.from(await files.arrayBuffer()))
  await rename(part, cluster)
  return database
}

/** An empty embedded database in a new folder, made in the same way. */
export async function embeddedFolder(path: string): Promise<void> {
  if (!existsSync(clusterFolder)) {
    await mkdir(cache, { recursive: true })
    const part = `${clusterFolder}.${process.pid}`
    await (await PGlite.create(part)).close()
    // Another test file may have been faster.
    await rename(part, clusterFolder).catch(() => rm(part, { recursive: true }))
  }
  await cp(clusterFolder, path, { recursive: true })
}
