import { setTimeout as wait } from "node:timers/promises"
import { parquetWriteBuffer } from "hyparquet-writer"
import { beforeEach, describe, expect, test } from "vitest"
import { z } from "zod"
import { bytes, createPipeline } from "../../src/index.ts"
import { parquet } from "../../src/parquet.ts"
import { pglite } from "../../src/pglite.ts"
import { inferContract } from "../../src/pipeline/tables/infer.ts"
import { type PostgresOptions, postgres } from "../../src/postgres.ts"
import { embeddedDatabase } from "../embedded-database.ts"
import { ledgerDatabase } from "../ledger-database.ts"
import { deliver, type TestDelivery } from "../sinks/deliver.ts"
import { batchOf } from "./batch-of.ts"

const { pool, clear } = await ledgerDatabase()
beforeEach(async () => {
  await pool.query("DROP TABLE IF EXISTS made")
  await clear()
})

const columns = [{ name: "id", kind: "integer", nullable: false }] as const
const into = (options: object = {}) => postgres({ pool, table: "made", createTable: true, ...options } as PostgresOptions<object>)
const isThere = async () => (await pool.query("SELECT to_regclass('made') IS NOT NULL AS there")).rows[0].there
const rows = async () => (await pool.query("SELECT * FROM made ORDER BY 1")).rows

/** A load that pauses until the test lets it continue. */
function slowLoad(id: number, options: TestDelivery = {}, sink = into()) {
  let go = () => {}
  const gone = new Promise<void>((resolve) => {
    go = resolve
  })
  let begun = () => {}
  const begins = new Promise<void>((resolve) => {
    begun = resolve
  })
  async function* batches() {
    yield batchOf([{ id }])
    begun()
    await gone
  }
  return { report: deliver(sink, batches(), { columns, content: String(id), ...options }), begins, go }
}

describe("a table that createTable has to create", () => {
  test("has the columns of the rows that nothing declares, beside the declared ones", async () => {
    const orders = createPipeline({ name: "extra" }).from(bytes("id,Note To Us\n1,x\n"))
    const { loaded } = await orders
      .validate(z.looseObject({ id: z.number().int() }))
      .into(into() as never)
      .run()
    expect([loaded, await rows()]).toEqual([1, [{ id: "1", note_to_us: "x" }]])
  })

  test("has its columns in the order of the file, even if their names are years", async () => {
    const file = bytes("Region,2024,2023,Note\nNorth,2,1,x\n")
    const order = async () => (await pool.query({ text: "SELECT * FROM made", rowMode: "array" })).fields.map(({ name }) => name)
    const inferred = await inferContract(file)
    await createPipeline({ name: "years" })
      .from(file)
      .normalize({ columns: inferred.columns })
      .into(into() as never)
      .run()
    expect(await order()).toEqual(["region", "2024", "2023", "note"])
    await pool.query("DROP TABLE made")
    const Year = z.object({ "2023": z.number().int(), area: z.string(), "2024": z.number().int() })
    await createPipeline({ name: "years", version: "2" })
      .from(bytes("AREA;2024;2023\nNorth;2;1\n"))
      .normalize({ headers: { area: "AREA" } })
      .validate(Year)
      .into(into() as never)
      .run()
    expect(await order()).toEqual(["area", "2024", "2023"])
  })

  describe("has the digits that a parquet file declares for its decimals", () => {
    const decimals = (name: string, precision: number, scale: number) => ({ name, precision, scale })
    const schema = [
      { name: "root", num_children: 4 },
      ...[decimals("Fee", 9, 2), decimals("big", 30, 4), decimals("count", 38, 0)].map((each) => ({
        ...each,
        type: "FIXED_LEN_BYTE_ARRAY" as const,
        type_length: 16,
        repetition_type: "OPTIONAL" as const,
        converted_type: "DECIMAL" as const,
      })),
      { name: "note", type: "BYTE_ARRAY" as const, repetition_type: "OPTIONAL" as const, converted_type: "UTF8" as const },
    ]
    const columnData = [
      { name: "Fee", data: [1250n, -75n] },
      { name: "big", data: [123456789012345678901234n, null] },
      { name: "count", data: [1n, 12n] },
      { name: "note", data: ["x", "12"] },
    ]
    const file = bytes(new Uint8Array(parquetWriteBuffer({ columnData, schema })))
    const fees = createPipeline({ name: "fees" }).from(file).parse(parquet())
    const types = async () => {
      const { rows } = await pool.query(
        "SELECT attname || ' ' || format_type(atttypid, atttypmod) AS c FROM pg_attribute WHERE attrelid = 'made'::regclass AND attnum > 0 ORDER BY attnum",
      )
      return rows.map(({ c }) => c)
    }
    const all = ["fee numeric(9,2)", "big numeric(30,4)", "count numeric(38,0)", "note text"]

    test.each([
      ["if its columns are inferred", true],
      ["if nothing declares its columns", false],
    ])("%s", async (_, isInferred) => {
      const { columns } = await inferContract(file, { parser: parquet() })
      await (isInferred ? fees.normalize({ columns }) : fees).into(into() as never).run()
      expect(await types()).toEqual(all)
      expect(await rows()).toEqual([
        { fee: "-0.75", big: null, count: "12", note: "12" },
        { fee: "12.50", big: "12345678901234567890.1234", count: "1", note: "x" },
      ])
    })

    test("unless a stage has replaced them", async () => {
      await fees
        .map(({ note }) => ({ Fee: "none", note }))
        .into(into() as never)
        .run()
      expect(await types()).toEqual(["fee text", "note text"])
    })
  })

  test("does not exist after a failed load, so a corrected file does not find the wrong columns", async () => {
    async function* failing() {
      yield batchOf([{ id: 1, note: "wrong" }])
      throw new Error("the file ends in the middle")
    }
    await expect(deliver(into(), failing())).rejects.toThrow("the file ends")
    expect(await isThere()).toBe(false)
    expect(await deliver(into(), [batchOf([{ id: 1 }])], { content: "corrected" })).toMatchObject({ loaded: 1 })
    expect(await rows()).toEqual([{ id: 1 }])
  })

  test("does not exist after a refused load, which the ledger records", async () => {
    await deliver(into(), [batchOf([{ id: 1 }])], { columns, refuse: "score too low" })
    expect(await isThere()).toBe(false)
    expect((await pool.query("SELECT status, target FROM rowgate.run")).rows).toEqual([{ status: "refused", target: "public.made" }])
  })

  test("does not exist after an aborted load", async () => {
    const calledOff = new AbortController()
    const { report, begins, go } = slowLoad(1, { context: { signal: calledOff.signal } })
    await begins
    calledOff.abort()
    go()
    await expect(report).rejects.toThrow(/abort/)
    expect(await isThere()).toBe(false)
  })

  test("does not exist after a file without rows, or a file whose rows all fail", async () => {
    const Row = z.object({ id: z.number().int() })
    const load = (csv: string) =>
      createPipeline({ name: "made", empty: "allow", budget: { share: 1 } })
        .from(bytes(csv))
        .validate(Row)
        .into(into())
        .run()
    for (const csv of ["id\n", "id\nx\ny\n"]) {
      expect((await load(csv)).deliveries[0]).toMatchObject({ outcome: "loaded", loaded: 0 })
      expect(await isThere()).toBe(false)
    }
    expect(await load("id\nx\n7\n")).toMatchObject({ loaded: 1, rejected: 1 })
    expect(await rows()).toEqual([{ id: "7" }])
  })

  test("is created by the first load, while the other one waits and then uses it", async () => {
    const first = slowLoad(1)
    await first.begins
    const second = deliver(into(), [batchOf([{ id: 2 }])], { columns, content: "2" })
    const third = slowLoad(3)
    expect(await Promise.race([second, wait(300, "waits")])).toBe("waits")
    expect(await isThere()).toBe(false)
    first.go()
    await first.report
    // Once the table exists, no load holds its lock.
    await third.begins
    expect(await second).toMatchObject({ loaded: 1 })
    third.go()
    expect(await third.report).toMatchObject({ loaded: 1 })
    expect(await rows()).toEqual([{ id: "1" }, { id: "2" }, { id: "3" }])
  })

  test("is created by the second load if the first one fails", async () => {
    const calledOff = new AbortController()
    const first = slowLoad(1, { context: { signal: calledOff.signal } })
    await first.begins
    const second = deliver(into(), [batchOf([{ id: 2 }])], { columns, content: "2" })
    calledOff.abort()
    first.go()
    await expect(first.report).rejects.toThrow(/abort/)
    expect(await second).toMatchObject({ loaded: 1 })
    expect(await rows()).toEqual([{ id: "2" }])
  })

  test("is created by the second load if the first one no longer responds", async () => {
    const silent = slowLoad(1, {}, into({ heartbeatMs: 60_000 }))
    silent.report.catch(() => undefined)
    await silent.begins
    const second = deliver(into({ staleMs: 300 }), [batchOf([{ id: 2 }])], { columns, content: "2" })
    expect(await second).toMatchObject({ loaded: 1 })
    silent.go()
    await expect(silent.report).rejects.toMatchObject({ retryable: true })
    expect(await rows()).toEqual([{ id: "2" }])
  })

  test("may be created by another program meanwhile", async () => {
    const other = await pool.connect()
    try {
      await other.query("BEGIN; CREATE TABLE made (id int, at timestamptz DEFAULT 'epoch')")
      const load = deliver(into(), [batchOf([{ id: 1 }])], { columns })
      expect(await Promise.race([load, wait(300, "waits")])).toBe("waits")
      await other.query("COMMIT")
      expect(await load).toMatchObject({ loaded: 1 })
    } finally {
      other.release()
    }
    expect(await rows()).toEqual([{ id: 1, at: new Date(0) }])
  })

  test("is waited for until the load is aborted", async () => {
    const first = slowLoad(1)
    await first.begins
    const calledOff = new AbortController()
    const second = deliver(into(), [batchOf([{ id: 2 }])], { columns, content: "2", context: { signal: calledOff.signal } })
    await wait(100)
    calledOff.abort()
    await expect(second).rejects.toThrow(/abort/)
    first.go()
    await first.report
    expect(await rows()).toEqual([{ id: "1" }])
  })

  test('is also waited for with `whileRunning: "fail"`, which is about the same bytes', async () => {
    const first = slowLoad(1)
    await first.begins
    const impatient = into({ whileRunning: "fail" })
    await expect(deliver(impatient, [batchOf([{ id: 1 }])], { columns, content: "1" })).rejects.toMatchObject({ code: "SINK_BUSY" })
    const other = deliver(impatient, [batchOf([{ id: 2 }])], { columns, content: "2" })
    expect(await Promise.race([other, wait(300, "waits")])).toBe("waits")
    first.go()
    await first.report
    expect(await other).toMatchObject({ loaded: 1 })
  })

  test.each([false, true])("is created once for the same bytes (hash last: %s)", async (hashLast) => {
    const load = () => deliver(into(), [batchOf([{ id: 1 }])], { columns, hashLast })
    const outcomes = (await Promise.all([load(), load(), load()])).map(({ outcome }) => outcome)
    expect(outcomes.toSorted()).toEqual(["duplicate", "duplicate", "loaded"])
    expect(await rows()).toEqual([{ id: "1" }])
  })

  test("gets the columns of the first rows if the pipeline declares none", async () => {
    const unread = batchOf([{ id: 1 }])
    unread.fail(0, { code: "bad", message: "is bad" })
    expect(await deliver(into(), [unread, batchOf([{ id: 2.5, at: new Date(0) }])])).toMatchObject({ loaded: 1, rejected: 1 })
    expect(await rows()).toEqual([{ id: 2.5, at: expect.anything() }])
  })

  test("is created in the named schema, which has to exist", async () => {
    const elsewhere = deliver(into({ schema: "nowhere" }), [batchOf([{ id: 1 }])], { columns })
    await expect(elsewhere).rejects.toMatchObject({ code: "SINK_SCHEMA_MISMATCH", message: expect.stringContaining("nowhere") })
    await pool.query("CREATE SCHEMA IF NOT EXISTS attic; DROP TABLE IF EXISTS attic.made")
    await deliver(into({ schema: "attic" }), [batchOf([{ id: 1 }])], { columns })
    expect((await pool.query("SELECT id FROM attic.made")).rows).toEqual([{ id: "1" }])
  })

  test("does not exist in an embedded database after a refused load either", async () => {
    await using db = await embeddedDatabase()
    const sink = pglite<{ id: number }>({ db, table: "made", createTable: true })
    await deliver(sink as Parameters<typeof deliver>[0], [batchOf([{ id: 1 }])], { columns, refuse: "too low" })
    expect((await db.query("SELECT relname FROM pg_class WHERE relname = 'made'")).rows).toEqual([])
    await deliver(sink as Parameters<typeof deliver>[0], [batchOf([{ id: 1 }])], { columns })
    expect((await db.query("SELECT id::int FROM made")).rows).toEqual([{ id: 1 }])
  })
})
