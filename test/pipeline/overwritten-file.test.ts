import { createHash } from "node:crypto"
import { mkdtemp, open, rm, stat, utimes, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parquetWriteBuffer } from "hyparquet-writer"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { Arguments } from "../../src/cli/arguments.ts"
import { readEnvironment } from "../../src/cli/environment.ts"
import { ingestPipeline } from "../../src/cli/ingest-pipeline.ts"
import { ingestOptions, ingestSettings } from "../../src/cli/ingest-settings.ts"
import { localInput } from "../../src/cli/inputs/input.ts"
import { Printer } from "../../src/cli/printer.ts"
import { SharedSinks } from "../../src/cli/shared-sinks.ts"
import { silentLogger } from "../../src/contract/logger.ts"
import { createPipeline, file, type Sink } from "../../src/index.ts"
import { zipBytes } from "../parsers/files/zip/zip-bytes.ts"
import { workbookParts } from "../parsers/xlsx/workbook-bytes.ts"

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rowgate-overwritten-"))
})
afterAll(() => rm(folder, { recursive: true }))

const rows = 20_000
const text = (letter: string) => letter.repeat(150)
const each = <T>(make: (row: number) => T) => Array.from({ length: rows }, (_, row) => make(row))

/** Makes files of the same length for every letter. Each row contains the letter of its file. */
const formats = {
  csv: (letter: string) => Buffer.from(`id,text\n${each((row) => `${row},${text(letter)}\n`).join("")}`),
  ndjson: (letter: string) => Buffer.from(each((row) => `{"id":${row},"text":"${text(letter)}"}\n`).join("")),
  xlsx: (letter: string) => {
    const cell = (value: string) => `<c t="inlineStr"><is><t>${value}</t></is></c>`
    const row = (id: string, value: string) => `<row>${cell(id)}${cell(value)}</row>`
    const sheet = row("id", "text") + each((at) => row(String(at), text(letter))).join("")
    return zipBytes(workbookParts({ rows: sheet }).map((part) => ({ ...part, method: 0 })))
  },
  parquet: (letter: string) =>
    Buffer.from(
      parquetWriteBuffer({
        columnData: [
          { name: "id", data: each((row) => row), type: "INT32" },
          { name: "text", data: each((row) => `${text(letter)}${row}`), type: "STRING" },
        ],
        codec: "UNCOMPRESSED",
        rowGroupSize: 1000,
      }),
    ),
}

const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex")

/** Overwrites a part of the file, and restores its times. */
async function overwrite(path: string, bytes: Buffer, from: number): Promise<void> {
  const { atime, mtime } = await stat(path)
  const handle = await open(path, "r+")
  await handle.write(bytes, from, bytes.length - from, from)
  await handle.close()
  await utimes(path, atime, mtime)
}

describe("a file that is overwritten in place during the load, with its times restored", () => {
  test.each(Object.keys(formats) as (keyof typeof formats)[])("is loaded as its hash says or not at all: %s", async (format) => {
    const [before, after] = [formats[format]("a"), formats[format]("b")]
    expect(after.length).toBe(before.length)
    const letters = new Map([
      [hash(before), "a"],
      [hash(after), "b"],
    ])
    const failures: unknown[] = []
    let changed = 0
    for (let trial = 0; trial < 16; trial++) {
      const path = join(folder, `${trial}.${format}`)
      await writeFile(path, before)
      // Times that a file system stores exactly, so that they can be restored.
      await utimes(path, 1_700_000_000, 1_700_000_000)
      const from = trial % 2 === 0 ? 0 : Math.floor(after.length / 2)
      const seen = new Set<string>()
      let calls = 0
      const step = async () => {
        if (calls++ !== trial >> 2) return
        await overwrite(path, after, from)
        changed++
      }
      const sink: Sink<unknown> = {
        name: "letters",
        delivery: "at-least-once",
        open: async () => {
          await step()
          return {
            write: async (batch) => {
              for (const row of batch.rows) seen.add(String((row as { readonly text: unknown }).text)[0] ?? "")
              await step()
            },
            commit: async () => undefined,
            [Symbol.asyncDispose]: async () => undefined,
          }
        },
      }
      const pipeline = createPipeline({ name: "overwritten", batchRows: 1000 }).from(file(path)).into(sink)
      const outcome = await pipeline.run().catch((error: unknown) => ({ error }))
      if ("error" in outcome) {
        failures.push(outcome.error)
        // After the refusal, the next run reads the file as it is now.
        if (from === 0) expect((await pipeline.run({ source: file(path) })).deliveries[0]?.sha256).toBe(hash(after))
      } else {
        expect([...seen]).toEqual([letters.get(outcome.deliveries[0]?.sha256 ?? "")])
      }
    }
    expect(changed).toBe(16)
    expect(failures.length).toBeGreaterThan(0)
    for (const failure of failures) expect(failure).toMatchObject({ code: "SOURCE_CHANGED", retryable: true })
  })

  test("is not loaded by a contract that was inferred from its old content", async () => {
    const path = join(folder, "inferred.csv")
    await writeFile(path, formats.csv("a"))
    await utimes(path, 1_700_000_000, 1_700_000_000)
    await using sinks = new SharedSinks()
    const target = join(folder, "inferred.ndjson")
    const call = {
      args: Arguments.parse("ingest", [path, "--to", target], ingestOptions),
      io: { stdout: new Printer({ write: () => true }), stderr: new Printer({ write: () => true }), stdin: undefined, cwd: folder },
      environment: readEnvironment({}),
      signal: new AbortController().signal,
      program: "rowgate",
      commands: [],
    }
    const input = localInput(path, folder)
    const parts = { sinks, rejects: [], logger: silentLogger, signal: call.signal }
    const pipeline = await ingestPipeline(
      { table: { schema: undefined, table: "inferred" }, files: [input] },
      await ingestSettings(call, [input]),
      parts,
    )
    await overwrite(path, formats.csv("b"), 0)
    await expect(pipeline.run()).rejects.toMatchObject({ code: "SOURCE_CHANGED" })
  })
})
