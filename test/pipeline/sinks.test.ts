import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import {
  type Batch,
  type Batches,
  cell,
  createPipeline,
  csvFile,
  type DeliveryReport,
  memory,
  type Reject,
  type Sink,
  type SinkSession,
  stage,
  toBatches,
} from "../../src/index.ts"
import type { Dimension } from "../../src/model/dimension.ts"
import { conserves } from "../../src/model/run-report.ts"
import { filesOf, orderCsv, orders } from "./orders.ts"

/** A sink that records its calls in a log, which several sinks can share, and can fail at one of them. */
function logging(
  name: string,
  log: string[],
  behaviour: {
    readonly fails?: string
    readonly delivery?: Sink<unknown>["delivery"]
    readonly session?: Partial<SinkSession<unknown>>
  } = {},
): Sink<unknown> {
  const step = async (what: string) => {
    log.push(`${name} ${what}`)
    if (what === behaviour.fails) throw new Error(`${name} failed to ${what}`)
  }
  return {
    name,
    delivery: behaviour.delivery ?? "at-least-once",
    async open() {
      await step("open")
      return {
        write: () => step("write"),
        commit: () => step("commit"),
        refuse: () => step("refuse"),
        [Symbol.asyncDispose]: () => step("dispose"),
        ...behaviour.session,
      }
    },
    close: () => step("close"),
  }
}

const rows = (count: number) => Array.from({ length: count }, (_, id) => ({ id }))
const pipeline = (count = 3) => createPipeline({ name: "sinks", batchRows: 2 }).fromRows(rows(count))

describe("several sinks", () => {
  test("are committed one after another, and disposed of in reverse order", async () => {
    const log: string[] = []
    await pipeline(1).into(logging("a", log)).into(logging("b", log)).run()
    expect(log).toEqual(["a open", "b open", "a write", "b write", "a commit", "b commit", "b dispose", "a dispose", "a close", "b close"])
  })

  test("come after the sink that keeps a ledger, wherever it stands, because that one decides", async () => {
    const log: string[] = []
    const settle = async () => ({ duplicateOf: "an earlier delivery" })
    const ledger = logging("ledger", log, { delivery: "once", session: { settle } })
    const report = await pipeline(1).into(logging("file", log)).into(ledger).run()
    expect(report.deliveries[0]).toMatchObject({ outcome: "duplicate", duplicateOf: "an earlier delivery", loaded: 0 })
    expect(log).not.toContain("file commit")
  })

  test("are all closed and disposed of, whichever of them fails at whichever call", async () => {
    for (const fails of ["open", "write", "commit", "dispose", "close"]) {
      for (const guilty of ["a", "b", "c"]) {
        const log: string[] = []
        const sinks = ["a", "b", "c"].map((name) => logging(name, log, name === guilty ? { fails } : {}))
        const [a, b, c] = sinks as [Sink<unknown>, Sink<unknown>, Sink<unknown>]
        await expect(pipeline().into(a).into(b).into(c).run(), `${guilty} ${fails}`).rejects.toThrow(`${guilty} failed to ${fails}`)
        expect(log.filter((line) => line.endsWith("close"))).toEqual(["a close", "b close", "c close"])
        const opened = ["a", "b", "c"].filter((name) => log.includes(`${name} open`) && !(fails === "open" && name === guilty))
        expect(log.filter((line) => line.endsWith("dispose")).sort()).toEqual(opened.map((name) => `${name} dispose`))
      }
    }
  })

  test("that fail to close do not hide why the run failed", async () => {
    const log: string[] = []
    const sinks = pipeline()
      .into(logging("a", log, { fails: "write" }))
      .into(logging("b", log, { fails: "close" }))
    await expect(sinks.run()).rejects.toThrow("a failed to write")
  })
})

describe("many files", () => {
  test.each([1, 2, 5])("are all read, %d at a time, while a sink waits for the disk", async (concurrency) => {
    const slow = logging("slow", [], { session: { write: () => new Promise((resolve) => setTimeout(resolve, 2)) } })
    const source = filesOf(...Array.from({ length: 9 }, (_, at) => [`${at}.csv`, orderCsv(3, 0, at * 3)] as const))
    const report = await orders(source, { concurrency }).into(slow).run()
    expect(report).toMatchObject({ read: 27, loaded: 27 })
  })

  test("with one failure: commits stay, no other file starts, and every sink is closed", async () => {
    const log: string[] = []
    const sink = memory<unknown>()
    const source = filesOf(["a.csv", orderCsv(3)], ["b.csv", "x\n1\n"], ["c.csv", orderCsv(3)], ["d.csv", orderCsv(3)])
    await expect(orders(source).into(sink).into(logging("other", log)).run()).rejects.toMatchObject({ code: "COLUMN_MISSING" })
    expect(sink.reports).toHaveLength(1)
    expect(log.at(-1)).toBe("other close")
  })
})

describe("every outcome", () => {
  const refusedRow: Reject = { origin: { uri: "u", row: 1 }, raw: { id: 0 }, issues: [] }
  const settled = { loaded: 4, superseded: 2, skipped: 1, refused: [refusedRow] }
  const outcomes: readonly (readonly [
    string,
    Partial<SinkSession<unknown>>,
    { readonly planned?: boolean; readonly gate?: Dimension },
    Partial<DeliveryReport>,
  ])[] = [
    ["loaded", {}, {}, { outcome: "loaded", read: 10, loaded: 8, filtered: 2 }],
    [
      "decided by the sink",
      { settle: async () => settled },
      {},
      { outcome: "loaded", loaded: 4, superseded: 2, skipped: 1, rejected: 1, filtered: 2 },
    ],
    ["dry", { settle: async () => settled }, { planned: true }, { outcome: "dry", loaded: 0, rejected: 1, withheld: 7, filtered: 2 }],
    ["refused", {}, { gate: "timeliness" }, { outcome: "refused", loaded: 0, withheld: 8, filtered: 2 }],
    ["a duplicate at once", { duplicateOf: "x" }, {}, { outcome: "duplicate", read: 0, duplicateOf: "x" }],
    ["a duplicate in the end", { settle: async () => ({ duplicateOf: "x" }) }, {}, { outcome: "duplicate", duplicateOf: "x" }],
  ]

  test.each(outcomes)("%s: accounts for every row once", async (_name, session, { planned, gate }, expected) => {
    const few = pipeline(10).filter(({ id }) => id > 1)
    const scored = gate === undefined ? few : few.score({ minimum: { [gate]: 1 } })
    const loads = scored.into(logging("sink", [], { session }))
    const report = await (planned === true ? loads.plan() : loads.run())
    expect(report.deliveries[0]).toMatchObject(expected)
    for (const counts of [report, ...report.deliveries]) expect(conserves(counts)).toBe(true)
  })
})

describe("the first batch of a file that may be read twice is read while the target opens", () => {
  const failing = (log: string[]) =>
    orders(filesOf(["a.csv", orderCsv(10)])).pipe(async function* fail(batches) {
      log.push("stage begins")
      try {
        for await (const batch of batches) {
          if (batch.length > 0) throw new Error("the stage failed")
          yield batch
        }
      } finally {
        log.push("stage ends")
      }
    })

  test("a row with other faults can still be a duplicate", async () => {
    const log: string[] = []
    const report = await failing(log)
      .into(logging("sink", log, { session: { duplicateOf: "x" } }))
      .run()
    expect(report.deliveries[0]).toMatchObject({ outcome: "duplicate", read: 0 })
    expect(log).toContain("stage ends")
  })

  test("an error in the rows is reported after the target is open; if the target fails, only that is reported", async () => {
    const log: string[] = []
    await expect(failing(log).into(logging("sink", log)).run()).rejects.toThrow("the stage failed")
    expect(log.filter((step) => step.startsWith("stage"))).toEqual(["stage begins", "stage ends"])
    expect(log).toContain("sink open")
    await expect(
      failing([])
        .into(logging("sink", [], { fails: "open" }))
        .run(),
    ).rejects.toThrow("sink failed to open")
  })
})

test("a stage may keep batches before it passes them on: their memory is not reused", async () => {
  const sink = memory<{ readonly email: string }>()
  const loaded = orders(filesOf(["a.csv", orderCsv(100)]), { batchRows: 7 }).pipe(async function* keep(batches) {
    const kept = []
    for await (const batch of batches) kept.push(batch)
    yield* kept.toReversed()
  })
  await loaded.into(sink).run()
  const emails = Array.from({ length: 100 }, (_, at) => `p${at}@example.com`)
  expect(sink.rows.map(({ email }) => email).toSorted()).toEqual(emails.toSorted())
})

test("a stage that returns a batch that rowgate did not make stops the run before a row is loaded", async () => {
  const rows = memory<{ readonly a: number }>()
  const pipeline = createPipeline({ name: "imitation" })
    .fromRows([{ a: 1 }])
    .pipe(async function* (batches: Batches<{ readonly a: number }>) {
      for await (const batch of batches) yield { ...batch } as Batch<{ readonly a: number }>
    })
  await expect(pipeline.into(rows).run()).rejects.toMatchObject({
    code: "PIPELINE_INVALID",
    message: "A parser or stage gave a batch that rowgate did not make.",
  })
  expect(rows.rows).toEqual([])
})

test("a sink gets the same columns even if no row of a batch passes", async () => {
  const made: (readonly string[])[] = []
  const sink = logging("names", [], { session: { write: async ({ names }) => void made.push(names) } })
  await pipeline(4)
    .check(({ id }) => (id < 2 ? { code: "x", message: "x" } : undefined))
    .pipe(async function* rename(batches) {
      for await (const batch of batches) yield batch.withColumn("twice", ({ id }) => 2 * id)
    })
    .into(sink)
    .run()
  expect(made).toEqual([
    ["id", "twice"],
    ["id", "twice"],
  ])
})

test("rows and batches open no sink, and end with ABORTED when the signal is aborted", async () => {
  const log: string[] = []
  const definition = pipeline(6)
  definition.into(logging("never", log))
  const seen: unknown[] = []
  for await (const row of definition.rows()) seen.push(row)
  expect(seen).toEqual(rows(6))
  const stop = new AbortController()
  const looking = async () => {
    for await (const _batch of definition.batches({ signal: stop.signal })) stop.abort()
  }
  await expect(looking()).rejects.toMatchObject({ code: "ABORTED" })
  expect(log).toEqual([])
})

test("rows in memory may contain values that JSON cannot express", async () => {
  const sink = memory<{ readonly id: bigint }>()
  await createPipeline({ name: "big" })
    .fromRows([{ id: 10n }])
    .into(sink)
    .run()
  expect(sink.rows).toEqual([{ id: 10n }])
})

test("a composed middle reads the same as a chain", async () => {
  const middle = stage.normalize<{ readonly a: string }, never, { readonly a: string | null }>({ columns: { a: cell.text() } })
  const batches = middle(toBatches([{ a: " x " }]), await contextOf())
  for await (const batch of batches) expect([...batch.rows]).toEqual([{ a: "x" }])
})

async function contextOf() {
  const { stageContext } = await import("../run-stage.ts")
  return stageContext()
}

test("rows that only a second sink cannot write are loaded, and the report says so", async () => {
  const folder = await mkdtemp(join(tmpdir(), "rowgate-beside-"))
  const target = memory<{ readonly id: number; readonly name: string }>()
  const report = await createPipeline({ name: "beside" })
    .fromRows([
      { id: 1, name: "a" },
      { id: 2, name: "\ud800" },
    ])
    .into(target)
    .into(csvFile(join(folder, "out.csv")))
    .run()
  expect(report).toMatchObject({ read: 2, loaded: 2, rejected: 0 })
  expect(report.deliveries[0]?.notices).toEqual([
    { code: "sink.left_out", message: expect.stringMatching(/left out 1 row; the first is row 2: text\.\w+\.$/) },
  ])
  expect(await readFile(join(folder, "out.csv"), "utf8")).toBe("id,name\r\n1,a\r\n")
  await rm(folder, { recursive: true })
})
