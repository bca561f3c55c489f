import { expect, test } from "vitest"
import {
  type Batch,
  bytes,
  cell,
  createPipeline,
  memory,
  type Reject,
  RowgateError,
  type RunReport,
  type Sink,
  type SinkSession,
} from "../../src/index.ts"
import { conserves } from "../../src/model/run-report.ts"
import { filesOf, Order, orderCsv, orders } from "./orders.ts"

const csv = (text: string) => bytes(Buffer.from(text), { name: "orders.csv" })

/** Every count of a report, and whether the counts account for every row. */
function holds(report: RunReport): RunReport {
  for (const counts of [report, ...report.deliveries]) expect(conserves(counts)).toBe(true)
  return report
}

test("good rows are loaded and bad ones are kept with their cells and every reason", async () => {
  const sink = memory<Order>()
  const rejects = memory<Reject>()
  const report = holds(
    await orders(csv(orderCsv(100, 4)))
      .into(sink)
      .rejectsInto(rejects)
      .run(),
  )
  expect(report).toMatchObject({ read: 100, loaded: 96, rejected: 4 })
  expect(sink.rows).toHaveLength(96)
  expect(sink.rows[0]).toEqual({ id: 2, email: "p1@example.com", amount: "1.50" })
  expect(rejects.rows[0]).toMatchObject({
    origin: { row: 2, line: 2 },
    raw: { id: "1", email: "nobody", amount: "0.50" },
    issues: [{ code: "schema.invalid_format", column: "email", dimension: "validity" }],
  })
})

test("a failed gate loads nothing and says why", async () => {
  const sink = memory<Order>()
  const report = holds(
    await orders(csv(orderCsv(100, 50)))
      .score({ minimum: { validity: 99 } })
      .into(sink)
      .run(),
  )
  expect(report.deliveries[0]).toMatchObject({ outcome: "refused", loaded: 0, rejected: 50, withheld: 50 })
  expect(report.deliveries[0]?.reason).toMatch(/^validity is \d+\.\d\d \(minimum 99\)$/)
  expect(sink.rows).toEqual([])
})

test.each([
  ["all rows", 4, 4, "all 4 rows were rejected"],
  ["the only row", 1, 1, "the only row was rejected"],
])("a delivery is refused if %s were rejected, unless its budget has room for them", async (_what, rows, bad, reason) => {
  const [sink, rejects] = [memory<Order>(), memory<Reject>()]
  const load = (share?: number) =>
    createPipeline({ name: "none", budget: { share } })
      .from(csv(orderCsv(rows, bad)))
      .validate(Order)
      .into(sink)
      .rejectsInto(rejects)
      .run()
  expect(holds(await load())).toMatchObject({ rejected: rows, deliveries: [{ outcome: "refused", reason }] })
  expect([sink.rows, rejects.rows.map(({ issues }) => issues.length > 0)]).toEqual([[], Array(rows).fill(true)])
  expect(holds(await load(1))).toMatchObject({ rejected: rows, deliveries: [{ outcome: "loaded" }] })
})

test("a delivery is refused if filters left only rows that were rejected", async () => {
  const report = await createPipeline({ name: "filtered" })
    .from(csv(orderCsv(2, 1)))
    .filter(({ id }) => id === "1")
    .validate(Order)
    .into(memory<Order>())
    .run()
  expect(holds(report)).toMatchObject({ filtered: 1, rejected: 1, deliveries: [{ outcome: "refused" }] })
})

test("a delivery with more issues of a code, or in a column, than its budget is refused", async () => {
  const outcome = async (budget: NonNullable<Parameters<typeof createPipeline>[0]["budget"]>) => {
    const pipeline = createPipeline({ name: "b", budget })
      .from(bytes("id,amount,city\n1,x,Bonn\n2,y,Ulm\n3,4,Kiel\nz,5,Kiel\n"))
      .normalize({ columns: { id: cell.integer(), amount: cell.decimal(), city: cell.text() } })
      .check(({ city }) => (city === "Kiel" ? { code: "far", message: "far", severity: "warning" } : undefined), { name: "far" })
    const [delivery] = (await pipeline.into(memory()).run()).deliveries
    return [delivery?.outcome, delivery?.reason, delivery?.issues]
  }
  const [, , issues] = await outcome({})
  const loaded = ["loaded", undefined, issues]
  expect(issues).toMatchObject({ far: 2, "decimal.unreadable": 2 })
  expect(await outcome({ codes: { "decimal.unreadable": 2, far: 2 }, columns: { amount: 2, id: 1, none: 0 } })).toEqual(loaded)
  expect(await outcome({ codes: { far: 1 } })).toEqual(["refused", "2 issues of far (maximum 1)", issues])
  const reason = "2 issues in the column amount (maximum 1); 1 issue in the column id (maximum 0)"
  expect(await outcome({ columns: { amount: 1, id: 0 } })).toEqual(["refused", reason, issues])
  expect(() => createPipeline({ name: "b", budget: { columns: { amount: -1 } } })).toThrow("budget.columns")
})

test("a delivery with more rejects than its budget is refused", async () => {
  const within = createPipeline({ name: "b", budget: { rows: 4, share: 0.04 } }).from(csv(orderCsv(100, 4)))
  const over = createPipeline({ name: "b", budget: { rows: 3, share: 0.03 } }).from(csv(orderCsv(100, 4)))
  const odd = ({ email }: { readonly [column: string]: unknown }) => (email === "nobody" ? { code: "x", message: "y" } : undefined)
  expect((await within.check(odd).into(memory()).run()).deliveries[0]?.outcome).toBe("loaded")
  const refused = holds(await over.check(odd).into(memory()).run()).deliveries[0]
  expect(refused).toMatchObject({ outcome: "refused", withheld: 96 })
  expect(refused?.reason).toBe(
    "4 rows were rejected, but at most 3 are allowed; 4.00 % of the rows were rejected, but at most 3.00 % are allowed",
  )
})

test("a plan decides everything and loads nothing", async () => {
  const sink = memory<Order>()
  const report = holds(
    await orders(csv(orderCsv(100, 4)))
      .into(sink)
      .plan(),
  )
  expect(report.deliveries[0]).toMatchObject({ outcome: "dry", read: 100, rejected: 4, withheld: 96 })
  expect(report.deliveries[0]?.score?.dimensions.validity?.score).toBeLessThan(100)
  expect(sink.rows).toEqual([])
})

test("filtered rows are neither loaded, rejected nor judged", async () => {
  const sink = memory<Order>()
  const even = orders(csv(orderCsv(100))).filter(({ id }) => id % 2 === 0)
  const report = holds(await even.into(sink).run())
  expect(report).toMatchObject({ read: 100, loaded: 50, filtered: 50, rejected: 0 })
  expect(report.deliveries[0]?.score?.dimensions.completeness?.judged).toBe(50 * 3)
})

test("a header without rows is refused, unless empty files are allowed", async () => {
  await expect(orders(csv("id,email,amount\n")).into(memory()).run()).rejects.toMatchObject({
    code: "TABLE_EMPTY",
    remedy: expect.any(String),
  })
  const allowed = createPipeline({ name: "e", empty: "allow" }).from(csv("id,email,amount\n")).into(memory())
  expect(holds(await allowed.run())).toMatchObject({ read: 0, loaded: 0 })
})

test("each file of a run is a delivery, and the report adds them up", async () => {
  const source = filesOf(["a.csv", orderCsv(10)], ["b.csv", orderCsv(20, 2)], ["c.csv", orderCsv(30)])
  const report = holds(await orders(source, { concurrency: 3 }).into(memory<Order>()).run())
  expect(report).toMatchObject({ read: 60, loaded: 58, rejected: 2 })
  expect(report.deliveries.map(({ read }) => read)).toEqual([10, 20, 30])
})

test("no more files are read at once than concurrency allows", async () => {
  let open = 0
  let most = 0
  const counting: Sink<unknown> = {
    name: "counting",
    delivery: "at-least-once",
    async open() {
      most = Math.max(most, ++open)
      return {
        async write() {
          await new Promise((resolve) => setTimeout(resolve, 5))
        },
        async commit() {},
        async [Symbol.asyncDispose]() {
          open--
        },
      }
    },
  }
  const source = filesOf(...Array.from({ length: 8 }, (_, at) => [`${at}.csv`, orderCsv(5)] as const))
  await orders(source, { concurrency: 2 }).into(counting).run()
  expect(most).toBe(2)
})

test("a file that fails stops the run, and earlier commits stay", async () => {
  const sink = memory<Order>()
  const source = filesOf(["a.csv", orderCsv(10)], ["b.csv", "nothing,like\n1,2\n"], ["c.csv", orderCsv(10)])
  const failure: unknown = await orders(source)
    .into(sink)
    .run()
    .catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(RowgateError)
  expect(failure).toMatchObject({ code: "COLUMN_MISSING" })
  expect(sink.rows).toHaveLength(10)
})

test("aborting at any batch ends the run with ABORTED, loads nothing and closes the sink", async () => {
  for (let at = 1; at <= 4; at++) {
    const sink = watched()
    const stop = new AbortController()
    let batches = 0
    const running = orders(csv(orderCsv(1000)), { batchRows: 250 })
      .into(sink)
      .run({
        signal: stop.signal,
        onProgress: () => {
          if (++batches === at) stop.abort(new Error("enough"))
        },
      })
    await expect(running).rejects.toMatchObject({ code: "ABORTED", retryable: true })
    expect(sink.log.at(-1)).toBe("dispose")
    expect(sink.log).not.toContain("commit")
  }
})

test("after any failure the session is disposed of and nothing is committed", async () => {
  for (const where of ["write", "settle", "commit"] as const) {
    const sink = watched(where)
    await expect(
      orders(csv(orderCsv(10)))
        .into(sink)
        .run(),
    ).rejects.toThrow(where)
    expect(sink.log.at(-1)).toBe("dispose")
  }
})

test("the parser waits for a slow sink", async () => {
  let given = 0
  let written = 0
  let ahead = 0
  const slow: Sink<unknown> = {
    name: "slow",
    delivery: "at-least-once",
    async open() {
      return {
        async write() {
          await new Promise((resolve) => setTimeout(resolve, 2))
          written++
        },
        async commit() {},
        async [Symbol.asyncDispose]() {},
      }
    },
  }
  const counted = orders(csv(orderCsv(2000)), { batchRows: 100 }).pipe(async function* count(batches) {
    for await (const batch of batches) {
      given++
      ahead = Math.max(ahead, given - written)
      yield batch
    }
  })
  await counted.into(slow).run()
  expect(given).toBe(20)
  expect(ahead).toBeLessThanOrEqual(2)
})

test("progress tells how many rows were read and rejected so far", async () => {
  const seen: (readonly [number, number])[] = []
  await orders(csv(orderCsv(300, 3)), { batchRows: 100 })
    .into(memory<Order>())
    .run({ onProgress: ({ read, rejected }) => seen.push([read, rejected]) })
  expect(seen).toEqual([
    [100, 1],
    [200, 2],
    [300, 3],
  ])
})

test("a run tells how each delivery ended, so that the first ones are known when a later one fails", async () => {
  const seen: RunReport[] = []
  const running = createPipeline({ name: "ids" })
    .from(filesOf(["0.csv", "id\n1\n2\n"], ["1.csv", "id\n3\n"], ["2.csv", "id\n"]))
    .into(memory())
    .run({ onDelivery: (soFar) => seen.push(soFar) })
  await expect(running).rejects.toMatchObject({ code: "TABLE_EMPTY" })
  expect(seen.map(({ loaded, deliveries }) => [loaded, ...deliveries.map(({ uri }) => uri)])).toEqual([
    [2, "0.csv"],
    [3, "0.csv", "1.csv"],
  ])
})

test("a definition can run on another source, and again on the same one", async () => {
  const sink = memory<Order>()
  const pipeline = orders(csv(orderCsv(3))).into(sink)
  expect(await pipeline.run({ source: csv(orderCsv(5)) })).toMatchObject({ read: 5 })
  expect(await pipeline.run()).toMatchObject({ read: 3 })
  expect(sink.rows).toHaveLength(8)
})

test("the same bytes judged at the same time give the same report apart from its ids", async () => {
  const asOf = new Date("2026-01-01")
  const run = async () => {
    const { deliveries } = await orders(csv(orderCsv(500, 5)))
      .into(memory<Order>())
      .run({ asOf })
    return deliveries.map(({ deliveryId, ...rest }) => JSON.stringify([typeof deliveryId, rest]))
  }
  expect(await run()).toEqual(await run())
})

test("a pipeline can be forked: a stage added to one fork is not on the other", async () => {
  const all = memory<Order>()
  const big = memory<Order>()
  const both = orders(csv(orderCsv(10)))
  const bigOnly = both.filter(({ id }) => id > 5).into(big)
  await both.into(all).run()
  await bigOnly.run()
  expect([all.rows.length, big.rows.length]).toEqual([10, 5])
})

test("two sinks with a ledger are refused when the pipeline is built", () => {
  const once = (name: string): Sink<unknown> => ({ ...watched(), name, delivery: "once" })
  expect(() => orders(csv("")).into(once("a")).into(once("b"))).toThrow(/more than one sink that keeps a ledger: a, b/)
})

/** A sink that records its calls, and fails at the given one. */
function watched(fails?: "write" | "settle" | "commit"): Sink<unknown> & { readonly log: string[] } {
  const log: string[] = []
  const step = async (name: "write" | "settle" | "commit") => {
    log.push(name)
    if (name === fails) throw new Error(`${name} failed`)
  }
  const session: SinkSession<unknown> = {
    write: (_batch: Batch<unknown>) => step("write"),
    async settle() {
      await step("settle")
      return { loaded: 10, superseded: 0, skipped: 0, refused: [] }
    },
    commit: () => step("commit"),
    async [Symbol.asyncDispose]() {
      log.push("dispose")
    },
  }
  return { name: "watched", delivery: "at-least-once", log, open: async () => session }
}

const numbers = () => createPipeline({ name: "numbers" }).fromRows([{ n: 1 }])

test.each([
  ["filter()", () => numbers().filter((async () => false) as never)],
  ["map()", () => numbers().map(async (row) => row)],
  ["computed()", () => numbers().computed("t", async () => 1)],
])("an async function in %s stops the run instead of keeping or emptying every row", async (call, build) => {
  const loaded = build().into(memory<object>() as never)
  await expect(loaded.run()).rejects.toMatchObject({ code: "PIPELINE_INVALID", message: `The function of ${call} returned a promise.` })
})
