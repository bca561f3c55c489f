import { spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { silentLogger } from "../../src/contract/logger.ts"
import type { Sink } from "../../src/contract/sink.ts"
import { csvFile } from "../../src/sinks/csv-file.ts"
import { memory } from "../../src/sinks/memory.ts"
import { ndjsonFile } from "../../src/sinks/ndjson-file.ts"
import { batchOf } from "../postgres/batch-of.ts"
import { deliver } from "./deliver.ts"

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "rowgate-sink-"))
})
afterEach(() => rm(folder, { recursive: true }))

const row = {
  id: 1,
  name: 'a "b", c',
  on: new Date("2026-02-28"),
  at: new Date("2026-02-28T10:00:00Z"),
  tags: ["x"],
  none: null,
  blank: "",
}

async function run(sink: Sink<object>, ...deliveries: readonly (readonly object[])[]): Promise<void> {
  try {
    for (const rows of deliveries) await deliver(sink, [batchOf(rows as Record<string, unknown>[])])
  } finally {
    await sink.close?.(undefined)
  }
}

describe("a file sink", () => {
  test("leaves nothing behind if its file cannot get its name", async () => {
    await mkdir(join(folder, "taken"))
    await expect(run(ndjsonFile(join(folder, "taken")), [row])).rejects.toMatchObject({ code: "SINK_REFUSED" })
    expect(await readdir(folder)).toEqual(["taken"])
  })

  test("writes a line of JSON for each row", async () => {
    const path = join(folder, "deep", "out.ndjson")
    await run(ndjsonFile(path), [row])
    expect(await readFile(path, "utf8")).toBe(`${JSON.stringify(row)}\n`)
  })

  test("writes csv that keeps null and empty text apart and neutralises nothing", async () => {
    const path = join(folder, "out.csv")
    await run(csvFile(path), [{ ...row, formula: "=1+1" }])
    expect(await readFile(path, "utf8")).toBe(
      'id,name,on,at,tags,none,blank,formula\r\n1,"a ""b"", c",2026-02-28,2026-02-28T10:00:00.000Z,"[""x""]",,"",=1+1\r\n',
    )
  })

  test("joins the deliveries of a run under one header", async () => {
    const path = join(folder, "out.csv")
    await run(csvFile(path, { delimiter: ";" }), [{ a: 1, b: 2 }], [{ a: 3, b: 4 }])
    expect(await readFile(path, "utf8")).toBe("a;b\r\n1;2\r\n3;4\r\n")
    expect(await readdir(folder)).toEqual(["out.csv"])
  })

  test("refuses rows with other columns in the same csv", async () => {
    const path = join(folder, "out.csv")
    await expect(run(csvFile(path), [{ a: 1 }], [{ b: 1 }])).rejects.toMatchObject({ code: "SINK_SCHEMA_MISMATCH" })
  })

  test("shows the old file until the run ends, and keeps it if nothing was committed", async () => {
    const path = join(folder, "out.ndjson")
    await writeFile(path, "old")
    const sink = ndjsonFile(path)
    await deliver(sink, [batchOf([row])], { refuse: "too bad" })
    await sink.close?.(undefined)
    expect(await readdir(folder)).toEqual(["out.ndjson"])
    await deliver(sink, [batchOf([{ a: 1 }])])
    expect(await readFile(path, "utf8")).toBe("old")
    await sink.close?.(undefined)
    expect(await readFile(path, "utf8")).toBe('{"a":1}\n')
  })

  test("leaves the old file complete and no partial result if it is killed, and the next run cleans up", async () => {
    const path = join(folder, "out.ndjson")
    await writeFile(path, "old")
    const child = spawn(process.execPath, ["--import", "tsx", join(import.meta.dirname, "write-for-ever.ts"), path], {
      stdio: ["ignore", "pipe", "inherit"],
    })
    await once(child.stdout, "data")
    child.kill("SIGKILL")
    await once(child, "exit")
    const [part = "", ...others] = await readdir(folder)
    expect(part).toMatch(/^\.out\.ndjson\..+\.part$/)
    expect(others).toEqual(["out.ndjson"])
    expect((await stat(join(folder, part))).size).toBeGreaterThan(1 << 18)
    expect(await readFile(path, "utf8")).toBe("old")
    await run(ndjsonFile(path), [{ a: 1 }])
    expect(await readdir(folder)).toEqual(["out.ndjson"])
  })

  test("does not touch what another running process, or another machine, is writing", async () => {
    const path = join(folder, "out.ndjson")
    const living = ndjsonFile(path)
    await using session = await living.open(
      { runId: "r", signal: new AbortController().signal, logger: silentLogger, asOf: new Date(0) },
      { id: "d", pipeline: "p", uri: "u", sha256: "", columns: [], dryRun: false },
    )
    const { pid } = spawnSync(process.execPath, ["-e", ""])
    const foreign = `.out.ndjson.00000000.${pid}.11111111-1111-1111-1111-111111111111.part`
    await writeFile(join(folder, foreign), "half")
    await run(ndjsonFile(path), [{ a: 1 }])
    expect(await readdir(folder)).toEqual([expect.stringMatching(/part$/), expect.stringMatching(/part$/), "out.ndjson"])
    expect(await readdir(folder)).toContain(foreign)
    expect(session.duplicateOf).toBeUndefined()
  })

  test("contains only the rows of the run that ended last, if two runs write it at the same time", async () => {
    const path = join(folder, "out.csv")
    const rows = (name: string) => Array.from({ length: 3000 }, (_, n) => ({ name, n, filling: "x".repeat(200) }))
    await Promise.all(["one", "two"].map((name) => run(csvFile(path), rows(name).slice(0, 1500), rows(name).slice(1500))))
    const lines = (await readFile(path, "utf8")).trimEnd().split("\r\n")
    expect(lines).toHaveLength(3001)
    expect(new Set(lines.slice(1).map((line) => line.slice(0, 3))).size).toBe(1)
    expect(await readdir(folder)).toEqual(["out.csv"])
  })

  test("names the file that cannot be written", async () => {
    await writeFile(join(folder, "file"), "")
    const refused = expect(run(ndjsonFile(join(folder, "file", "out.ndjson")), [{ a: 1 }])).rejects
    await refused.toMatchObject({ code: "SINK_REFUSED", remedy: expect.stringMatching(/./) })
  })
})

describe("the memory sink", () => {
  test("shows rows when their delivery is committed, and rejects of refused deliveries too", async () => {
    const sink = memory<object>()
    const batch = batchOf([{ a: 1 }, { a: 2 }])
    batch.fail(0, { code: "x", message: "y" })
    await deliver(sink, [batch])
    expect(sink.rows).toEqual([{ a: 2 }])
    expect(sink.rejects).toMatchObject([{ raw: { a: 1 }, issues: [{ code: "x" }] }])
    await deliver(sink, [batch], { refuse: "no" })
    expect(sink.rows).toHaveLength(1)
    expect(sink.rejects).toHaveLength(2)
    expect(sink.reports.map(({ outcome }) => outcome)).toEqual(["loaded", "refused"])
  })
})
