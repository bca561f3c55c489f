import { execFile } from "node:child_process"
import { createWriteStream } from "node:fs"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { pathToFileURL } from "node:url"
import { promisify } from "node:util"
import { compiled } from "../compiled.ts"

const run = promisify(execFile)

/** Options of a measured load with rejects. */
export interface RejectedLoad {
  readonly url: string
  readonly rows: number
  /** How many of each hundred rows the schema rejects. */
  readonly rejectedPercent: number
  /** The options of the sink, as JSON. */
  readonly options?: object
  readonly heapMegabytes: number
}

/** The output of the process at its end. */
export interface MeasuredLoad {
  readonly read: number
  readonly loaded: number
  readonly rejected: number
  readonly peakMegabytes: number
}

/** Loads a csv through a schema into the table `person (id, name, amount)`, in a separate process. */
export async function loadRejects({ url, rows, rejectedPercent, options = {}, heapMegabytes }: RejectedLoad): Promise<MeasuredLoad> {
  const built = await compiled({ index: "src/index.ts", postgres: "src/postgres.ts" })
  const folder = await mkdtemp(join(tmpdir(), "rowgate-rejects-"))
  try {
    const csv = join(folder, "people.csv")
    await pipeline(Readable.from(people(rows, rejectedPercent)), createWriteStream(csv))
    const script = join(built.folder, "load-rejects.js")
    await writeFile(
      script,
      `import { z } from ${JSON.stringify(import.meta.resolve("zod"))}
       import { createPipeline, file } from ${JSON.stringify(pathToFileURL(built.file("index")).href)}
       import { postgres } from ${JSON.stringify(pathToFileURL(built.file("postgres")).href)}
       const [, , url, path, options] = process.argv
       const { read, loaded, rejected } = await createPipeline({ name: "people" })
         .from(file(path))
         .validate(z.object({ id: z.number().int(), name: z.string(), amount: z.number() }))
         .into(postgres({ url, table: "person", ...JSON.parse(options) }))
         .run()
       console.log(JSON.stringify({ read, loaded, rejected, peakMegabytes: process.resourceUsage().maxRSS / 1024 }))`,
    )
    const args = [`--max-old-space-size=${heapMegabytes}`, script, url, csv, JSON.stringify(options)]
    return JSON.parse((await run(process.execPath, args)).stdout)
  } finally {
    await rm(folder, { recursive: true })
  }
}

function* people(rows: number, rejectedPercent: number): Generator<string, void, undefined> {
  yield "id,name,amount\n"
  for (let from = 0; from < rows; from += 1000) {
    const ids = Array.from({ length: Math.min(1000, rows - from) }, (_, at) => from + at)
    yield ids.map((id) => `${id},Customer number ${id},${id % 100 < rejectedPercent ? "x" : ""}${id}.50\n`).join("")
  }
}
