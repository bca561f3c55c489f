import { parquetWriteBuffer } from "hyparquet-writer"
import { describe, expect, test } from "vitest"
import { z } from "zod"
import { bytes, cell, compose, createPipeline, memory, type Pipeline, stage } from "../../src/index.ts"
import type { UnexpectedColumnPolicy } from "../../src/model/unexpected-column-policy.ts"
import { workbookBytes } from "../parsers/xlsx/workbook-bytes.ts"

const Order = z.object({ id: z.number(), amount: z.number() })
const text = "ID,Amuont,Note\n1,2,a\n2,,\n3,4,b\n"
const source = (body: string, name = "orders.csv") => createPipeline({ name: "orders", budget: { share: 1 } }).from(bytes(body, { name }))
const columns = { amount: cell.number() }
const normalized = (unexpected?: UnexpectedColumnPolicy, body = "Order ID,Amount,Note\n1,2,a\n2,3,\n3,4,b\n") =>
  source(body).normalize({ headers: { id: "Order ID" }, columns, unexpected })

// biome-ignore lint/suspicious/noExplicitAny: pipelines of any rows
async function run(pipeline: Pipeline<any>) {
  const target = memory<object>()
  const rejects = memory<{ raw: unknown; issues: readonly { code: string; message: string; column?: string | undefined }[] }>()
  const { deliveries } = await pipeline
    .into(target)
    .rejectsInto(rejects as never)
    .run()
  const report = deliveries[0]
  return {
    rows: [...target.rows],
    rejects: [...rejects.rows],
    report,
    notices: report?.notices.filter(({ code }) => code === "column.discarded"),
  }
}

describe("a column that no contract names", () => {
  test("goes on by default, and a schema drops it", async () => {
    expect((await run(normalized())).rows[0]).toEqual({ id: "1", amount: 2, Note: "a" })
    expect((await run(normalized().validate(z.object({ amount: z.number() })) as never)).rows[0]).toEqual({ amount: 2 })
  })

  test("goes on with evolve, even past a schema that drops it", async () => {
    const schemas = [Order, Order.refine(({ id, amount }) => id < amount), Order.transform(({ id }) => ({ double: 2 * id }))]
    const rows = await Promise.all(
      schemas.map(
        async (schema) =>
          (
            await run(
              source("id,amount,Note\n1,2,a\n")
                .normalize({ unexpected: "evolve" })
                .validate(schema as typeof Order),
            )
          ).rows,
      ),
    )
    expect(rows).toEqual([[{ id: 1, amount: 2, Note: "a" }], [{ id: 1, amount: 2, Note: "a" }], [{ double: 2, Note: "a" }]])
  })

  test("stops the delivery with freeze, and the error names the nearest declared column", async () => {
    const pipeline = source(text).normalize({ unexpected: "freeze" }).validate(Order.partial())
    await expect(run(pipeline)).rejects.toMatchObject({
      code: "COLUMN_UNEXPECTED",
      message:
        'The table "orders.csv" has columns that the contract does not name: "Amuont" (nearest declared column: "amount", 83 % alike), "Note" (nearest declared column: "amount", 17 % alike).',
      origin: { table: "orders.csv", column: "Amuont" },
    })
    expect((await run(normalized("freeze", "order id,AMOUNT\n1,2\n"))).rows).toEqual([{ id: "1", amount: 2 }])
  })

  test("is left out with discardColumn, and a notice counts its values", async () => {
    const { rows, notices, report } = await run(normalized("discardColumn"))
    expect(rows).toEqual([
      { id: "1", amount: 2 },
      { id: "2", amount: 3 },
      { id: "3", amount: 4 },
    ])
    expect(notices).toEqual([
      {
        code: "column.discarded",
        message: 'The column "Note" is not declared and was left out. 2 of its cells have values.',
        column: "Note",
      },
    ])
    expect(report?.rejected).toBe(0)
  })

  test("rejects the rows that have a value in it with rejectRow, and is left out of the others", async () => {
    const { rows, rejects, report } = await run(normalized("rejectRow"))
    expect(rows).toEqual([{ id: "2", amount: 3 }])
    expect(rejects.map(({ raw, issues }) => [raw, issues.map(({ code, column, message }) => [code, column, message])])).toEqual([
      [
        { "Order ID": "1", Amount: "2", Note: "a" },
        [["column.unexpected", "Note", 'The row has a value in the column "Note", which is not declared.']],
      ],
      [
        { "Order ID": "3", Amount: "4", Note: "b" },
        [["column.unexpected", "Note", 'The row has a value in the column "Note", which is not declared.']],
      ],
    ])
    expect(report?.issues).toEqual({ "column.unexpected": 2 })
    expect(report?.score?.overall).toBeLessThan(100)
  })
})

test("only a column that is left out is reported as left out by the schema", async () => {
  const notices = async (unexpected?: UnexpectedColumnPolicy) =>
    (await run(source("id,amount,Note\n1,2,a\n").normalize({ unexpected }).validate(Order))).notices?.map(({ message }) => message)
  expect(await notices("evolve")).toEqual([])
  expect(await notices("discardColumn")).toEqual(['The column "Note" is not declared and was left out. One of its cells has a value.'])
  expect(await notices()).toEqual(['The column "Note" is not declared and was left out.'])
})

test("columns of the next schema are expected, under any header that matches them", async () => {
  const pipelines = [
    source("I.D.,amount\n1,2\n").normalize({ unexpected: "freeze" }).validate(Order),
    source("I.D.,amount\n1,2\n")
      .normalize({ unexpected: "freeze" })
      .computed("twice", () => 2)
      .validate(Order as never),
    source("I.D.,amount\n1,2\n")
      .pipe(
        compose(
          stage.normalize<unknown>({ unexpected: "freeze" }),
          stage.filter(() => true),
        ),
      )
      .validate(Order),
    source("I.D.,amount\n1,2\n").pipe(compose(stage.normalize<unknown>({ unexpected: "freeze" }), stage.validate(Order))),
  ]
  for (const pipeline of pipelines) expect((await run(pipeline)).rows).toEqual([{ id: 1, amount: 2 }])
})

test("two headers that match one column are both unexpected", async () => {
  const pipeline = source("I D,i.d.,amount\n1,2,3\n").normalize({ unexpected: "discardColumn" }).validate(Order.partial())
  const { rows, notices, report } = await run(pipeline)
  expect(rows).toEqual([{ amount: 3 }])
  expect(notices?.map(({ column }) => column)).toEqual(["I D", "i.d."])
  expect(report?.notices).toContainEqual({ code: "column.missing", message: expect.stringContaining('"id"'), column: "id" })
})

const rowsXml = `<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c><c r="B1" t="inlineStr"><is><t>amount</t></is></c><c r="C1" t="inlineStr"><is><t>Note</t></is></c></row>
<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>2</v></c><c r="C2"><v>7</v></c></row><row r="3"><c r="A3"><v>2</v></c><c r="B3"><v>3</v></c></row>`
const parquet = parquetWriteBuffer({
  columnData: [
    { name: "id", data: [1, 2], type: "DOUBLE" },
    { name: "amount", data: [2, 3], type: "DOUBLE" },
    { name: "Note", data: [7, null], type: "DOUBLE" },
  ],
})
const formats: { readonly [name: string]: string | Uint8Array } = {
  "orders.csv": "id,amount,Note\n1,2,7\n2,3,\n",
  "orders.json": '[{"id":1,"amount":2,"Note":7},{"id":2,"amount":3}]',
  "orders.ndjson": '{"id":1,"amount":2,"Note":7}\n{"id":2,"amount":3}\n',
  "orders.xlsx": workbookBytes({ rows: rowsXml }),
  "orders.parquet": new Uint8Array(parquet),
}

test.each(Object.keys(formats))("a new column is treated alike in every format: %s", async (name) => {
  const load = (unexpected: UnexpectedColumnPolicy) =>
    run(
      createPipeline({ name: "orders", budget: { share: 1 } })
        .from(bytes(formats[name] ?? "", { name }))
        .normalize({ unexpected })
        .validate(Order),
    )
  const known = [
    { id: 1, amount: 2 },
    { id: 2, amount: 3 },
  ]
  expect((await load("evolve")).rows).toEqual(known.map((row, at) => ({ ...row, Note: at === 1 ? null : name.endsWith(".csv") ? "7" : 7 })))
  await expect(load("freeze")).rejects.toMatchObject({ code: "COLUMN_UNEXPECTED", origin: { column: "Note" } })
  const discarded = await load("discardColumn")
  expect([discarded.rows, discarded.notices?.map(({ message }) => message)]).toEqual([
    known,
    ['The column "Note" is not declared and was left out. One of its cells has a value.'],
  ])
  const rejected = await load("rejectRow")
  expect([rejected.rows, rejected.rejects.map(({ raw }) => raw)]).toEqual([
    known.slice(1),
    [expect.objectContaining({ Note: name.endsWith(".csv") ? "7" : 7 })],
  ])
})

describe("a JSON key that comes only after thousands of rows", () => {
  const early = Array.from({ length: 9000 }, (_, id) => JSON.stringify({ id, amount: 1 })).join("\n")
  const late = `${early}\n{"id":9000,"amount":1,"Note":"x"}\n{"id":9001,"amount":1,"Note":null}\n`
  const load = (unexpected: UnexpectedColumnPolicy, name = "orders.ndjson") =>
    run(source(late, name).normalize({ unexpected }).validate(Order))

  test("is a new column like one that is there from the start", async () => {
    expect((await load("evolve")).rows.slice(-2)).toEqual([
      { id: 9000, amount: 1, Note: "x" },
      { id: 9001, amount: 1, Note: null },
    ])
    await expect(load("freeze")).rejects.toMatchObject({ code: "COLUMN_UNEXPECTED", origin: { column: "Note" } })
    const discarded = await load("discardColumn")
    expect(discarded.rows).toHaveLength(9002)
    expect(discarded.rows.at(-2)).toEqual({ id: 9000, amount: 1 })
    expect(discarded.notices?.map(({ message }) => message)).toEqual([
      'The column "Note" is not declared and was left out. One of its cells has a value.',
    ])
    const rejected = await load("rejectRow")
    expect([rejected.report?.loaded, rejected.report?.rejected]).toEqual([9001, 1])
  })
})

test("values are counted over all batches", async () => {
  const body = `id,amount,Note\n${Array.from({ length: 20_000 }, (_, at) => `${at},1,${at % 2 === 0 ? "x" : ""}`).join("\n")}\n`
  const { notices } = await run(source(body).normalize({ unexpected: "discardColumn" }).validate(Order))
  expect(notices?.map(({ message }) => message)).toEqual([
    'The column "Note" is not declared and was left out. 10000 of its cells have values.',
  ])
})

test("a policy that does not exist is refused when the pipeline is built", () => {
  expect(() => source(text).normalize({ unexpected: "discard" as never })).toThrow("evolve")
})
