import { bytes, createPipeline, memory } from "rowgate"
import { expect, test } from "vitest"
import { z } from "zod"

const file = "id,name,nots,Colour,size\n1,a,x,red,5\n"

async function discarded(schema: z.ZodType<object>, text = file, name = "stock.csv") {
  const { deliveries } = await createPipeline({ name: "dropped" }).from(bytes(text, { name })).validate(schema).into(memory()).run()
  return deliveries[0]?.notices.filter(({ code }) => code === "column.discarded")
}

const Stock = z.object({ id: z.int(), name: z.string(), notes: z.string().optional() })

test("columns of the file that the schema does not name are named, with the declared column that one of them probably means", async () => {
  const expected = [
    {
      code: "column.discarded",
      message: 'The column "nots" is not declared and was left out. The nearest declared column is "notes".',
      column: "nots",
    },
    { code: "column.discarded", message: 'The columns "Colour", "size" are not declared and were left out.' },
  ]
  expect(await discarded(Stock)).toEqual(expected)
  expect(await discarded(Stock.refine(() => true))).toEqual(expected)
})

test("one column is named as the column of its notice", async () => {
  expect(await discarded(Stock, "id,name,notes,size\n1,a,x,5\n")).toEqual([
    { code: "column.discarded", message: 'The column "size" is not declared and was left out.', column: "size" },
  ])
})

test("a table of many columns is one notice", async () => {
  const names = Array.from({ length: 300 }, (_, at) => `extra ${at}`)
  const found = await discarded(Stock, `id,name,notes,${names.join(",")}\n1,a,b,${names.map(() => "1").join(",")}\n`)
  expect(found?.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^The columns "extra 0", .*"extra 19" and 280 more are not declared and were left out\.$/),
  ])
})

test("a key of JSON that comes late is named as well", async () => {
  const rows = Array.from({ length: 20_000 }, (_, at) => JSON.stringify({ id: at, name: "a", ...(at > 15_000 ? { late: 1 } : {}) }))
  expect((await discarded(Stock, rows.join("\n"), "stock.ndjson"))?.map(({ column }) => column)).toEqual(["late"])
})

test("a schema that takes other columns has no such notice", async () => {
  expect(await discarded(z.looseObject({ id: z.int() }))).toEqual([])
  expect(await discarded(z.object({ id: z.int() }).catchall(z.unknown()))).toEqual([])
  expect(await discarded(z.object({ id: z.int() }).and(z.looseObject({})))).toEqual([])
})
