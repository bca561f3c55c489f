import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises"
import { hostname, tmpdir } from "node:os"
import { join } from "node:path"
import { PGlite } from "@electric-sql/pglite"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Sink } from "../../src/contract/sink.ts"
import { pglite } from "../../src/pglite.ts"
import type { Pglite } from "../../src/postgres/pglite/pglite-database.ts"
import { embeddedDatabase, embeddedFolder } from "../embedded-database.ts"
import { fullDisk } from "../fault/full-disk.ts"
import { deliver } from "../sinks/deliver.ts"
import { batchOf } from "./batch-of.ts"

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rowgate-pglite-"))
})
afterAll(() => rm(folder, { recursive: true }))

const rows = () => [
  batchOf([
    { id: 1, name: "Ada" },
    { id: 2, name: "" },
  ]),
]

describe("an embedded database", () => {
  test("gets its ledger and table, loads once, and releases its lock", async () => {
    const dir = join(folder, "data")
    // Tests of the command create a database from nothing, which takes seconds.
    await embeddedFolder(dir)
    const sink = pglite({ dir, table: "person", createTable: true })
    expect(await deliver(sink, rows())).toMatchObject({ outcome: "loaded", loaded: 2 })
    expect(await deliver(sink, rows())).toMatchObject({ outcome: "duplicate" })
    expect(existsSync(`${dir}.lock`)).toBe(true)
    await sink.close?.(undefined)
    expect(existsSync(`${dir}.lock`)).toBe(false)
    await using db = await PGlite.create(dir)
    expect((await db.query("SELECT * FROM person ORDER BY id")).rows).toEqual([
      { id: 1, name: "Ada" },
      { id: 2, name: "" },
    ])
  })

  test("is refused while another process has it open, and can be opened once that process has ended", async () => {
    const dir = join(folder, "locked")
    await embeddedFolder(dir)
    const sink = pglite({ dir, table: "person", createTable: true })
    const { pid } = spawnSync(process.execPath, ["-e", ""])
    await writeFile(`${dir}.lock`, JSON.stringify({ pid: process.ppid, host: hostname() }))
    await expect(deliver(sink, rows())).rejects.toMatchObject({ code: "SINK_BUSY", message: expect.stringContaining(String(process.ppid)) })
    await writeFile(`${dir}.lock`, JSON.stringify({ pid, host: hostname() }))
    expect(await deliver(sink, rows())).toMatchObject({ outcome: "loaded" })
    await sink.close?.(undefined)
  })

  test("is the same database through a link, with the same lock", async () => {
    const dir = join(folder, "behind")
    const linked = join(folder, "link")
    await embeddedFolder(dir)
    await symlink(dir, linked)
    const direct = pglite({ dir, table: "person", createTable: true })
    const other = pglite({ dir: linked, table: "person" })
    expect(await deliver(direct, rows())).toMatchObject({ outcome: "loaded" })
    expect(await deliver(other, rows())).toMatchObject({ outcome: "duplicate" })
    await direct.close?.(undefined)
    expect([existsSync(`${dir}.lock`), existsSync(`${linked}.lock`)]).toEqual([true, false])
    await other.close?.(undefined)
    await writeFile(`${dir}.lock`, JSON.stringify({ pid: process.ppid, host: hostname() }))
    await expect(deliver(other, rows())).rejects.toMatchObject({ code: "SINK_BUSY" })
    await rm(`${dir}.lock`)
  })

  test("is refused with an explanation if its folder is a file, or below a file, or a dangling link", async () => {
    const file = join(folder, "file")
    await writeFile(file, "")
    const nowhere = join(folder, "nowhere")
    await symlink(join(folder, "gone"), nowhere)
    for (const dir of [file, join(file, "below"), nowhere])
      await expect(deliver(pglite({ dir, table: "person" }), rows()), dir).rejects.toMatchObject({
        code: "SINK_UNREACHABLE",
        retryable: false,
        message: `${dir} cannot be the folder of an embedded database: it is not a folder.`,
        remedy: expect.stringContaining("another folder"),
      })
  })

  test("is refused with an explanation if its folder cannot be written to", async ({ skip }) => {
    await using disk = await fullDisk("200m")
    if (disk === undefined) return skip("no file system may be mounted here")
    const dir = join(disk.path, "data")
    await embeddedFolder(dir)
    await disk.protect()
    for (const path of [dir, join(disk.path, "new")])
      await expect(deliver(pglite({ dir: path, table: "person" }), rows()), path).rejects.toMatchObject({
        code: "SINK_UNREACHABLE",
        retryable: false,
        message: `${path} cannot be the folder of an embedded database: this user may not write to it or to its parent folder.`,
      })
  })

  test("is refused with an explanation if its folder holds something else", async () => {
    const dir = join(folder, "broken")
    await embeddedFolder(dir)
    await rm(join(dir, "global"), { recursive: true })
    const message = expect.stringContaining(`The embedded database in ${dir} cannot be opened`)
    await expect(deliver(pglite({ dir, table: "person" }), rows())).rejects.toMatchObject({ code: "SINK_UNREACHABLE", message })
    expect(existsSync(`${dir}.lock`)).toBe(false)
  })

  test("that the caller has opened lets two loads take turns", async () => {
    await using db = await embeddedDatabase()
    const sink = pglite({ db, table: "person", createTable: true })
    const [one, other] = await Promise.all([deliver(sink, rows(), { content: "a" }), deliver(sink, rows(), { content: "b" })])
    expect([one.loaded, other.loaded]).toEqual([2, 2])
    expect((await db.query("SELECT count(*)::int AS n FROM person")).rows).toEqual([{ n: 4 }])
    await sink.close?.(undefined)
    expect(db.closed).toBe(false)
  })

  test("stores more rejects than one of its statements can take, wherever their bytes are cut", async () => {
    await using db = await embeddedDatabase()
    // About 600 bytes each, so that no end of a buffer is the end of a line.
    const texts = Array.from({ length: 20_000 }, (_, id) => `${id} ${"a\n".repeat(150 + (id % 97))}`)
    await rejectAll(pglite({ db, table: "person", createTable: true }), texts)
    const sizes = "count(*)::int AS rows, sum(length(raw::text))::int > 9 * 1024 * 1024 AS is_large"
    expect((await db.query(`SELECT ${sizes} FROM rowgate.reject`)).rows).toEqual([{ rows: texts.length, is_large: true }])
    const { rows } = await db.query<{ name: string }>("SELECT raw ->> 'name' AS name FROM rowgate.reject ORDER BY reject")
    expect(rows.findIndex(({ name }, at) => name !== texts[at])).toBe(-1)
  })

  test("stores a reject that is larger than any buffer, among small ones", async () => {
    await using db = await embeddedDatabase()
    const texts = ["small", "b".repeat(9 << 20), "small again"]
    await rejectAll(pglite({ db, table: "person", createTable: true }), texts)
    const { rows } = await db.query<{ name: string }>("SELECT raw ->> 'name' AS name FROM rowgate.reject ORDER BY reject")
    expect(rows.map(({ name }) => name.length)).toEqual(texts.map(({ length }) => length))
    expect(rows.findIndex(({ name }, at) => name !== texts[at])).toBe(-1)
  })

  test("takes any number of rows in binary form without a failed statement", async () => {
    await using db = await embeddedDatabase()
    await db.exec("CREATE TABLE person (id bigint, name text)")
    let failed = 0
    const watched: Pglite = {
      query: (text, values, options) =>
        db.query(text, values, options).catch((error: unknown) => {
          failed++
          throw error
        }),
      close: () => db.close(),
    }
    const made = Array.from({ length: 20 }, (_, at) =>
      batchOf(
        Array.from({ length: 1000 }, (_, id) => ({ id: at * 1000 + id, name: "c".repeat(900) })),
        "memory:test",
        at * 1000,
      ),
    )
    expect(await deliver(pglite({ db: watched, table: "person" }), made)).toMatchObject({ loaded: 20_000, rejected: 0 })
    expect(failed).toBe(0)
  })
})

/** Delivers rejected rows and one good row, because only good rows create the table. */
async function rejectAll(sink: Sink<object>, texts: readonly string[]): Promise<void> {
  const issue = { code: "test", message: "it is wrong", rule: "test", dimension: "validity", severity: "error", confidence: 1 } as const
  function* batches() {
    yield batchOf([{ id: 0, name: "good" }])
    for (let from = 0; from < texts.length; from += 1000) {
      const batch = batchOf(
        texts.slice(from, from + 1000).map((name, at) => ({ id: from + at, name })),
        "memory:test",
        from,
      )
      for (let row = 0; row < batch.length; row++) batch.mark(row, issue)
      yield batch
    }
  }
  expect(await deliver(sink, batches())).toMatchObject({ loaded: 1, rejected: texts.length })
  await sink.close?.(undefined)
}
