import { describe, expect, test } from "vitest"
import { z } from "zod"
import { bytes, cell, compose, createPipeline, memory, type Normalizer, type Pipeline, stage } from "../../src/index.ts"

const csv = bytes("id,Amount,note\n1,2.50,a\n", { name: "orders.csv" })
const from = (source = csv, batchRows = 100) => createPipeline({ name: "orders", batchRows }).from(source)
const columns = (...names: readonly string[]): { [name: string]: Normalizer<unknown> } =>
  Object.fromEntries(names.map((name) => [name, name === "amount" ? cell.decimal() : cell.text()]))
// biome-ignore lint/suspicious/noExplicitAny: pipelines of any rows
type AnyPipeline = Pipeline<any>
const missingIn = async (pipeline: AnyPipeline) => {
  const { deliveries } = await pipeline.into(memory<unknown>()).run()
  return deliveries[0]?.notices.filter(({ code }) => code === "column.missing")
}

describe("a declared column that no header matches", () => {
  test("is a notice that names the nearest headers, whether normalize or a schema declares it", async () => {
    const message = 'No header matches the column "comment". The nearest headers are "Amount", "note", "id".'
    expect(await missingIn(from().normalize({ columns: columns("amount", "comment") }))).toEqual([
      { code: "column.missing", message, column: "comment" },
    ])
    const Order = z.object({ id: z.string(), comment: z.string().optional() })
    expect(await missingIn(from().validate(Order))).toEqual([{ code: "column.missing", message, column: "comment" }])
    expect(
      await missingIn(
        from()
          .normalize({ columns: columns("comment") })
          .validate(Order),
      ),
    ).toHaveLength(1)
    expect(await missingIn(from().normalize({ columns: columns("amount", "id", "note") }))).toEqual([])
  })

  test("is proposed the header that it probably means, with the likeness, unless two are equally alike", async () => {
    const notices = async (header: string, name: string) => {
      const Wanted = z.object({ id: z.string(), [name]: z.string().optional() })
      return (await missingIn(from(bytes(`id,${header}\n1,2,3\n`)).validate(Wanted)))?.map(({ message }) => message)
    }
    expect(await notices("Amuont,x", "amount")).toEqual([
      'No header matches the column "amount". The nearest header is "Amuont", 83 % alike.',
    ])
    expect(await notices("amount2,amount3", "amount1")).toEqual([
      'No header matches the column "amount1". The nearest headers are "amount2", "amount3", "id".',
    ])
    expect(await notices("a-mount,A Mount", "amount")).toEqual([
      'Several headers match the column "amount", and none was taken: "a-mount", "A Mount".',
    ])
  })

  test.each([
    ["Kunde", "Kundenname", 63],
    ["Kunde", "Name des Kunden", 60],
    ["customer", "Shipping CustomerId", 61],
    ["Customer name", "customer", 67],
  ])("is proposed a header that has the name in it: %s, %s", async (name, header, percent) => {
    const Wanted = z.object({ id: z.string(), [name]: z.string().nullable().optional() })
    const source = bytes(`id,Datum,${header},Land\n1,2,3,4\n`)
    const message = `No header matches the column "${name}". The nearest header is "${header}", ${percent} % alike.`
    const notices = await missingIn(from(source).validate(Wanted))
    expect(notices?.map((notice) => notice.message)).toEqual([message])
    const discarding = from(source).normalize({ unexpected: "discardColumn", columns: { id: cell.text() } })
    expect((await missingIn(discarding.validate(Wanted)))?.map((notice) => notice.message)).toEqual([message])
  })

  test("is proposed no header that has a short name in it by chance", async () => {
    const Wanted = z.object({ id: z.string(), tax: z.string().optional() })
    const [notice] = (await missingIn(from(bytes("id,Climax level\n1,2\n")).validate(Wanted))) ?? []
    expect(notice?.message).toBe('No header matches the column "tax". The nearest headers are "id", "Climax level".')
  })

  test("is proposed no header that another column has, or that the next schema expects", async () => {
    const [notice] =
      (await missingIn(from(bytes("price,x\n1,2\n")).validate(z.object({ price: z.string(), prices: z.string().optional() })))) ?? []
    expect(notice?.message).toBe('No header matches the column "prices". The nearest headers are "price", "x".')
    const Later = z.object({ price: z.string(), prices: z.string().optional() })
    const normalized = from(bytes("Price,x\n1,2\n")).normalize({ columns: { prices: cell.text() } })
    expect((await missingIn(normalized.validate(Later)))?.[0]?.message).toBe(
      'No header matches the column "prices". The nearest headers are "Price", "x".',
    )
  })

  test("stops the delivery if it is required, and the error proposes headers, or says that several match", async () => {
    const Amount = z.object({ amount: z.string(), price: z.string() })
    await expect(missingIn(from(bytes("Amuont,PRICE,Price\n1,2,3\n")).validate(Amount))).rejects.toMatchObject({
      code: "COLUMN_MISSING",
      message: expect.stringContaining(
        'requires: "amount" (perhaps "Amuont", 83 % alike), "price" (several headers match: "PRICE", "Price").',
      ),
    })
    const normalized = from(bytes("Amuont\n1\n")).normalize({ columns: { amount: cell.required(cell.text()) } })
    await expect(missingIn(normalized)).rejects.toMatchObject({
      message: expect.stringContaining('has no column "amount" (perhaps "Amuont", 83 % alike).'),
    })
  })

  test("is a typo if the next schema does not name it either, and stops the delivery at its first batch", async () => {
    const Order = z.object({ id: z.string(), amount: z.string() })
    const typos = [
      from()
        .normalize({ columns: { ...columns("amount", "comment") } })
        .validate(Order),
      from()
        .normalize({ headers: { comment: "Kommentar" } })
        .validate(Order as never),
      from().pipe(compose(stage.normalize({ columns: columns("comment") }), stage.validate(Order))),
    ]
    for (const pipeline of typos) {
      const target = memory<unknown>()
      await expect(pipeline.into(target as never).run()).rejects.toMatchObject({
        code: "COLUMN_MISSING",
        message:
          'normalize() names the column "comment", which neither the table "orders.csv" nor a schema has. The nearest headers are "Amount", "note", "id".',
        remedy: "Correct the name, give its header in normalize({ headers: { comment: ... } }), or add it to the schema as optional.",
        origin: { table: "orders.csv", column: "comment" },
      })
    }
    const WithNote = Order.extend({ note: z.string().optional() })
    expect(
      await missingIn(
        from()
          .normalize({ columns: columns("note") })
          .validate(WithNote),
      ),
    ).toEqual([])
  })

  test("is a typo without a schema if an unused header differs by a letter or two", async () => {
    const typo = from()
      .normalize({ columns: columns("amuont") })
      .into(memory())
    await expect(typo.run()).rejects.toMatchObject({ code: "COLUMN_MISSING", message: expect.stringContaining('"Amount"') })
    expect(await missingIn(from().normalize({ columns: columns("amuont", "amount") }))).toHaveLength(1)
  })

  test("may be read by a stage of your own before the schema, and is no typo then", async () => {
    const pipeline = from()
      .normalize({ columns: columns("comment") })
      .pipe(async function* mine(batches) {
        yield* batches
      })
      .validate(z.object({ id: z.string() }) as never)
    expect(await missingIn(pipeline)).toHaveLength(1)
  })
})

describe("a column that JSON brings late", () => {
  const lines = (...rows: readonly object[]) => bytes(rows.map((row) => `${JSON.stringify(row)}\n`).join(""), { name: "late.ndjson" })
  const late = lines({ a: 1 }, { a: 2 }, { a: 3, b: 7 })

  test("is found in a preview, whose rows cannot be read again", async () => {
    const rows: unknown[] = []
    for await (const row of from(late, 1)
      .normalize({ columns: { b: cell.integer() } })
      .rows())
      rows.push({ ...row })
    expect(rows).toEqual([
      { a: 1, b: null },
      { a: 2, b: null },
      { a: 3, b: 7 },
    ])
  })

  test("is no typo, but a column that never comes is", async () => {
    const schema = z.object({ a: z.number() })
    expect(
      await from(late, 1)
        .normalize({ columns: { b: cell.integer() } })
        .validate(schema)
        .into(memory())
        .run(),
    ).toMatchObject({ loaded: 3 })
    const typo = from(late, 1)
      .normalize({ columns: { c: cell.integer() } })
      .validate(schema)
    await expect(typo.into(memory()).run()).rejects.toMatchObject({ code: "COLUMN_MISSING", origin: { column: "c" } })
  })

  test("fails only the rows without it if it is required, and stops the delivery if it never comes", async () => {
    const rows = memory<unknown>()
    const report = await from(late, 1)
      .normalize({ columns: { b: cell.required(cell.integer()) } })
      .into(rows)
      .run()
    expect(report).toMatchObject({ loaded: 1, rejected: 2 })
    expect(report.deliveries[0]?.issues).toEqual({ required: 2 })
    const schema = z.object({ a: z.number(), b: z.number() })
    expect(await from(late, 1).validate(schema).into(memory()).run()).toMatchObject({ loaded: 1, rejected: 2 })
    await expect(
      from(late, 1)
        .normalize({ columns: { c: cell.required(cell.integer()) } })
        .into(memory())
        .run(),
    ).rejects.toMatchObject({
      code: "COLUMN_MISSING",
      message: 'The table "late.ndjson" has no column "c".',
    })
    await expect(
      from(late, 1)
        .validate(schema.extend({ c: z.number() }))
        .into(memory())
        .run(),
    ).rejects.toMatchObject({ code: "COLUMN_MISSING" })
  })
})

describe("a required column that first comes after the first batch", () => {
  const lines = Array.from({ length: 6 }, (_, at) => JSON.stringify(at < 3 ? { id: at } : { id: at, Total: at * 2 })).join("\n")
  const late = (text: string) =>
    createPipeline({ name: "late", batchRows: 2 })
      .from(bytes(text))
      .validate(z.object({ id: z.number(), total: z.number() }))
  const rowsOf = async (rows: AsyncIterable<unknown>) => {
    const all: unknown[] = []
    for await (const row of rows) all.push(row)
    return all
  }

  test("is read in a preview as in a run, and rows without it are rejected", async () => {
    const rows = [
      { id: 3, total: 6 },
      { id: 4, total: 8 },
      { id: 5, total: 10 },
    ]
    expect(await rowsOf(late(lines).rows())).toEqual(rows)
    const sink = memory<object>()
    const report = await late(lines).into(sink).run()
    expect([sink.rows, report.rejected, report.deliveries[0]?.issues]).toEqual([rows, 3, { required: 3 }])
  })

  test("is missing if it never comes", async () => {
    const without = lines.replaceAll("Total", "sum")
    await expect(rowsOf(late(without).rows())).rejects.toMatchObject({ code: "COLUMN_MISSING" })
    await expect(late(without).into(memory<object>()).run()).rejects.toMatchObject({ code: "COLUMN_MISSING" })
  })
})
