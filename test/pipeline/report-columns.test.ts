import { bytes, cell, createPipeline, memory } from "rowgate"
import { inferContract } from "rowgate/profile"
import { expect, test } from "vitest"
import { z } from "zod"

async function columnsOf(text: string) {
  const source = bytes(text)
  const { columns } = await inferContract(source)
  const report = await createPipeline({ name: "columns" }).from(source).normalize({ columns }).into(memory()).run()
  return report.deliveries[0]
}

test("the report lists the columns in the order of the file, also if their headers are years", async () => {
  const delivery = await columnsOf("country,2020,2019,total\nde,1,2,3\nfr,4,5,9\n")
  expect(delivery?.columns?.map(({ header }) => header)).toEqual(["country", "2020", "2019", "total"])
  const [dialect] = Object.values(delivery?.plan["dialects"] ?? {})
  expect(dialect.inferred.map(({ column }: { column: string }) => column)).toEqual(["country", "2020", "2019", "total"])
})

test("each column has its header, its name, its kind, and how many of its cells are read as null, wrong or suspect", async () => {
  const report = await createPipeline({ name: "columns" })
    .from(bytes("Paid on,Order No.,Note\n2025-01-01,1,x\nN/A,2,y\nnever,3,z\n"))
    .normalize({ headers: { orderNo: ["Order No."] }, columns: { paidOn: cell.withNulls(cell.date(["yyyy-MM-dd"]), ["N/A"]) } })
    .validate(z.object({ orderNo: z.int(), paidOn: z.date().nullable() }))
    .check(({ orderNo }) => (orderNo !== 1 ? undefined : { code: "late", message: "late", column: "orderNo", severity: "warning" }), {
      name: "late",
      columns: ["orderNo"],
      dimension: "accuracy",
    })
    .into(memory())
    .run()
  expect(report.deliveries[0]?.columns).toEqual([
    { header: "Paid on", name: "paidOn", kind: "date", nulls: 1, errors: 1, warnings: 0 },
    { header: "Order No.", name: "orderNo", kind: "integer", nulls: 0, errors: 0, warnings: 1 },
    { header: "Note", name: null, nulls: 0, errors: 0, warnings: 0 },
  ])
})

test("a column that no header of the file matches has no header", async () => {
  const report = await createPipeline({ name: "columns" })
    .from(bytes("id\n1\n"))
    .validate(z.object({ id: z.int(), note: z.string().optional() }))
    .computed("twice", ({ id }) => 2 * id)
    .into(memory())
    .run()
  expect(report.deliveries[0]?.columns?.map(({ header, name }) => [header, name])).toEqual([
    ["id", "id"],
    [null, "note"],
    [null, "twice"],
  ])
})
