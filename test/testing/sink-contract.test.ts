import { randomBytes } from "node:crypto"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { PGlite } from "@electric-sql/pglite"
import { parse } from "csv-parse/sync"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { pglite } from "../../src/pglite.ts"
import { csvFile } from "../../src/sinks/csv-file.ts"
import { memory } from "../../src/sinks/memory.ts"
import { ndjsonFile } from "../../src/sinks/ndjson-file.ts"
import { type ContractRow, sinkContract } from "../../src/testing.ts"
import { embeddedDatabase } from "../embedded-database.ts"
import { forgetful, hasty, strict } from "./contrived-sinks.ts"
import { readTable } from "./read-table.ts"

let folder: string
let embedded: PGlite
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rowgate-contract-"))
  embedded = await embeddedDatabase()
})
afterAll(async () => {
  await embedded.close()
  await rm(folder, { recursive: true })
})

const newName = () => `t_${randomBytes(6).toString("hex")}`

describe("pglite", () => {
  const cases = sinkContract({
    delivery: "once",
    readMeanwhile: false,
    create() {
      const table = newName()
      return {
        sink: pglite<ContractRow>({ db: embedded, table, createTable: true, naming: "exact" }),
        rows: () => readTable(table, async (sql) => (await embedded.query<object>(sql)).rows),
      }
    },
  })
  test.each(cases.map((each) => [each.name, each] as const))("%s", (_, { run }) => run())
})

describe("memory", () => {
  const cases = sinkContract({
    create() {
      const sink = memory<ContractRow>()
      return { sink, rows: () => sink.rows }
    },
  })
  test.each(cases.map((each) => [each.name, each] as const))("%s", (_, { run }) => run())
})

describe("ndjsonFile", () => {
  const cases = sinkContract({
    visible: "close",
    create() {
      const path = join(folder, newName())
      return {
        sink: ndjsonFile(path),
        rows: async () =>
          (await textOf(path))
            .split("\n")
            .filter(Boolean)
            .map((line) => JSON.parse(line)),
      }
    },
  })
  test.each(cases.map((each) => [each.name, each] as const))("%s", (_, { run }) => run())
})

describe("csvFile", () => {
  const cases = sinkContract({
    visible: "close",
    create() {
      const path = join(folder, newName())
      return { sink: csvFile(path), rows: async () => readCsv(await textOf(path)) }
    },
  })
  test.each(cases.map((each) => [each.name, each] as const))("%s", (_, { run }) => run())
})

describe("the contract", () => {
  test("settles a delivery once, and asks for the refused rows before the commit", async () => {
    expect(await broken(strict)).toEqual([])
  })

  test("finds a sink that shows rows before their commit", async () => {
    expect(await broken(hasty)).toContain("shows every row once it is committed, and none before")
  })

  test("finds a sink that drops buffered rows and keeps batches that it has released", async () => {
    const names = await broken(forgetful)
    expect(names).toContain("no longer needs a batch when write resolves")
    expect(names).toContain("accounts for every row that it receives, with the origin and the reasons of those that it refuses")
  })

  test("finds a sink that promises more than it does", async () => {
    const names = await broken(() => {
      const sink = memory<ContractRow>()
      return { sink: { ...sink, delivery: "once" }, rows: () => sink.rows }
    }, "once")
    expect(names).toContain("loads the same bytes once, and says what loaded them")
    expect(names).not.toContain("says that its delivery is once")
  })
})

/** The names of the promises that a sink breaks. */
async function broken(
  create: Parameters<typeof sinkContract>[0]["create"],
  delivery: "once" | "at-least-once" = "at-least-once",
): Promise<readonly string[]> {
  const names: string[] = []
  for (const { name, run } of sinkContract({ create, delivery })) {
    await run().catch(() => names.push(name))
  }
  return names
}

async function textOf(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "")
}

/** Reads csv with another reader than our own. An empty field without quotes is null. */
function readCsv(text: string): object[] {
  const records: string[][] = parse(text, { cast: (value, { quoting }) => (value === "" && !quoting ? null : value) })
  const [header = [], ...rows] = records
  return rows.map((row) => Object.fromEntries(row.map((value, at) => [header[at], value])))
}
