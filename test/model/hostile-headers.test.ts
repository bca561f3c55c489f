import fc from "fast-check"
import { expect, test } from "vitest"
import { columnOf } from "../../src/model/column-of.ts"
import { TableBatch } from "../../src/model/table-batch.ts"
import { toBatches } from "../../src/model/to-batches.ts"

const hostile = ["__proto__", "constructor", "toString", "hasOwnProperty", "2019", "007", "", "length", "at", "valueOf"]

function batchWith(names: readonly string[], cell: (name: string) => unknown): TableBatch<{ readonly [name: string]: unknown }> {
  return TableBatch.of({
    length: 1,
    table: { name: "t", header: names },
    names,
    columns: names.map((name) => columnOf([cell(name)])),
    origins: { at: () => ({ uri: "u", row: 1 }) },
  })
}

test("no header reaches a prototype, in rows, raw rows or columns, and every cell is there under its name", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.oneof(fc.constantFrom(...hostile), fc.string()), { minLength: 1 }), fc.boolean(), (names, objects) => {
      const batch = batchWith(names, (name) => (objects ? { polluted: name } : `cell ${name}`))
      for (const row of [batch.rows.at(0) ?? {}, batch.raw(0)]) {
        expect(Object.getPrototypeOf(row)).toBe(Object.prototype)
        expect(new Set(Object.keys(row))).toEqual(new Set(names))
        for (const name of names) expect(Object.getOwnPropertyDescriptor(row, name)?.value).toEqual(batch.column(name)?.at(0))
      }
      expect(Object.getPrototypeOf(batch.columns)).toBeNull()
      for (const name of names) expect(Object.getOwnPropertyDescriptor(batch.columns, name)?.value).toBe(batch.column(name))
      expect("polluted" in {}).toBe(false)
    }),
  )
})

test("names keep the order of the file, even though JavaScript would put numbers first", () => {
  const batch = batchWith(["name", "2019", "2018"], (name) => name)
  expect(batch.names).toEqual(["name", "2019", "2018"])
  expect(batch.withColumn("2017", () => 0).names).toEqual(["name", "2019", "2018", "2017"])
  expect(batch.map((row) => row).rows.at(0)).toEqual({ name: "name", 2018: "2018", 2019: "2019" })
})

test("rows of a program may have a property called __proto__, as JSON.parse creates it", async () => {
  const rows: { readonly [name: string]: unknown }[] = [JSON.parse('{"__proto__": {"admin": true}, "a": 1}')]
  for await (const batch of toBatches(rows)) {
    const [row] = batch.rows
    expect(JSON.stringify(row)).toBe('{"__proto__":{"admin":true},"a":1}')
    expect(row?.["admin"]).toBeUndefined()
  }
})
