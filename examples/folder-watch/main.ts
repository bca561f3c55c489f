// Loads every file that somebody puts into a folder, with inbox.ts.
import { mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { PGlite } from "@electric-sql/pglite"
import { bytes, createPipeline } from "rowgate"
import { pglite } from "rowgate/pglite"
import { z } from "zod"
import { watchInbox } from "./inbox.ts"

const folder = await mkdtemp(join(tmpdir(), "inbox-"))
const db = new PGlite()
const readings = createPipeline({ name: "readings" })
  .from(bytes(""))
  .validate(z.object({ sensor: z.string(), celsius: z.number() }))
  .into(pglite({ db, table: "readings", createTable: true }))

const stop = new AbortController()
const watching = watchInbox(folder, readings, {
  signal: stop.signal,
  pauseMs: 50,
  onFile: (name, result) =>
    console.log(
      typeof result === "string"
        ? `${name}: ${result}`
        : `${name}: ${result.outcome}, ${result.loaded} loaded, ${result.rejected} rejected`,
    ),
})

await drop("monday.csv", "sensor,celsius\nroof,21.5\ncellar,cold\n")
await drop("monday (1).csv", "sensor,celsius\nroof,21.5\ncellar,cold\n")
await drop("tuesday.csv", "sensor,fahrenheit\nroof,70\n")
stop.abort()
await watching
for (const place of ["done", "failed"]) console.log(`${place}:`, (await readdir(join(folder, place))).sort().join(", "))
await db.close()
await rm(folder, { recursive: true })

/** Puts a file into the folder as a sender should, and waits until it is gone. */
async function drop(name: string, content: string): Promise<void> {
  await writeFile(join(folder, `.${name}`), content)
  await rename(join(folder, `.${name}`), join(folder, name))
  while ((await readdir(folder)).includes(name)) await sleep(10)
}
