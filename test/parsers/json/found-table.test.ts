import { expect, test } from "vitest"
import { autoParser } from "../../../src/parsers/auto.ts"
import { detect } from "../../../src/parsers/files/detect/detect.ts"
import { type JsonOptions, json } from "../../../src/parsers/json/json.ts"
import { chunkedFile } from "../chunked-file.ts"
import { readTable } from "../read-table.ts"

const read = (document: unknown, { headers = [] as readonly string[], chunkBytes = 7, ...options }: Options = {}) =>
  readTable(json(options), chunkedFile(typeof document === "string" ? document : JSON.stringify(document), chunkBytes), {
    headers: new Set(headers),
  })
interface Options extends JsonOptions {
  readonly headers?: readonly string[]
  readonly chunkBytes?: number
}

test("the only array of objects in a document is the table, and a notice names what is not read", async () => {
  const document = { ok: true, page: { at: 1, "a/b": [2] }, values: [{ id: 1, tags: [{ t: 1 }] }, { id: 2 }], errors: [] }
  for (const chunkBytes of [1, 7, 1000]) {
    const { header, rows, batches } = await read(document, { chunkBytes })
    expect([header, rows]).toEqual([
      ["id", "tags"],
      [
        [1, [{ t: 1 }]],
        [2, null],
      ],
    ])
    const { name, facts, notices } = batches[0]?.table ?? {}
    expect([name, facts?.["path"]]).toEqual(["values", "/values"])
    const message = `The rows are the array of objects at "/values". The document's other values are not read: /ok, /page, /errors.`
    expect(notices).toEqual([{ code: "json.path", message }])
  }
})

test("an answer without rows is a table without rows", async () => {
  for (const document of [{ data: [] }, { Results: [], count: 0 }])
    expect(await read(document)).toMatchObject({ rows: [], batches: [{ table: { notices: [{ code: "json.path" }] } }] })
  await expect(read({ id: [1, 2], name: ["a", "b"] })).rejects.toMatchObject({ code: "TABLE_NOT_FOUND" })
})

test("the table may be below other objects", async () => {
  const { rows, batches } = await read({ v: 1, response: { "a/b": { list: [{ x: 1 }], next: null } }, took: 5 })
  expect(rows).toEqual([[1]])
  expect(batches[0]?.table.facts?.["path"]).toBe("/response/a~1b/list")
  expect(batches[0]?.table.notices?.[0]?.message).toContain("/v, /took, /response/a~1b/next.")
})

test("a path reads the same rows without a notice", async () => {
  const document = { data: [{ a: 1 }, { b: "x" }], n: 2 }
  const [found, named] = [await read(document), await read(document, { path: "/data" })]
  expect([named.header, named.rows, named.batches[0]?.table.name]).toEqual([found.header, found.rows, found.batches[0]?.table.name])
  expect(named.notices).toEqual([])
})

test("of several arrays of objects, none is taken, wherever they are", async () => {
  const refused = { code: "TABLE_NOT_FOUND", message: expect.stringContaining('"/nodes", "/meta/links"') }
  await expect(read({ nodes: [{ a: 1 }], meta: { links: [{ b: 1 }] } })).rejects.toMatchObject(refused)
  // The first one is so long that the second one is met only after it was read.
  const limits = { recordBytes: 2000 }
  const nodes = Array.from({ length: 1000 }, (_, a) => ({ a }))
  await expect(read({ nodes, meta: { links: [{ b: 1 }] } }, { limits, chunkBytes: 500 })).rejects.toMatchObject(refused)
  const { rows } = await read({ nodes, meta: { links: [1], text: "[{" }, more: {} }, { limits, chunkBytes: 500 })
  expect(rows).toHaveLength(1000)
})

test("a document of a hundred thousand arrays or keys is searched, too", async () => {
  const of = (value: unknown) => Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`k${at}`, value]))
  await expect(read(of([{}]), { chunkBytes: 1 << 20 })).rejects.toMatchObject({ code: "TABLE_NOT_FOUND" })
  const { batches } = await read({ ...of(1), data: [{ a: 1 }] }, { chunkBytes: 1 << 20 })
  expect(batches[0]?.table.notices?.[0]?.message).toMatch(/: \/k0, \/k1, .*\/k9 and 99990 more\.$/)
})

test("of several arrays of objects, the one with the columns that the pipeline expects is the table", async () => {
  const document = { included: [{ type: "a", key: 1 }], orders: [{ "Order No": 7, Total: 1 }] }
  expect((await read(document, { headers: ["orderNo", "total"] })).rows).toEqual([[7, 1]])
  expect((await read(document, { headers: ["key", "absent"] })).rows).toEqual([["a", 1]])
  await expect(read(document, { headers: ["absent"] })).rejects.toMatchObject({ code: "TABLE_NOT_FOUND" })
})

test("a document whose own keys are the columns that the pipeline expects is one row", async () => {
  const order = { id: 7, customer: "Ann", items: [{ q: 1 }, { q: 2 }] }
  const { header, rows, notices } = await read(order, { headers: ["id", "customer", "items"] })
  expect([header, rows, notices]).toEqual([["id", "customer", "items"], [[7, "Ann", [{ q: 1 }, { q: 2 }]]], []])
  // The keys of the rows are as good as those around them.
  expect((await read({ id: "request", data: [{ id: 1 }] }, { headers: ["id"] })).rows).toEqual([[1]])
})

test.each([{}, { a: 1 }, { list: [], texts: ["x"], grid: [[1]] }, { a: { b: {} } }])("%j holds no table", async (document) => {
  await expect(read(document)).rejects.toMatchObject({ code: "TABLE_NOT_FOUND" })
})

test("an empty path means the document itself, which is not searched", async () => {
  await expect(read({ data: [{ a: 1 }] }, { path: "" })).rejects.toMatchObject({
    code: "TABLE_NOT_FOUND",
    remedy: expect.stringContaining('such as "/data",'),
  })
})

test("what follows the table must be JSON", async () => {
  await expect(read('{"data":[{"a":1}],"n":}')).rejects.toMatchObject({ code: "FILE_CORRUPT" })
  await expect(read('{"data":[{"a":1}]')).rejects.toMatchObject({ code: "FILE_TRUNCATED" })
  await expect(read('{"data":[{"a":1}],"data":[{"a":2}]}')).rejects.toMatchObject({
    code: expect.stringMatching(/FILE_CORRUPT|TABLE_NOT_FOUND/),
  })
  await expect(read('{"data":[{"a":1}]} 7')).rejects.toMatchObject({ code: "FILE_CORRUPT" })
})

test.each<[what: string, document: unknown]>([
  ["rows by their keys", { a1: { x: 1, y: 2 }, a2: { x: 3, y: 4 } }],
  ["rows by their keys, some without a value", { a1: { x: 1, y: 2 }, a2: { x: 3 }, a3: { y: 4 } }],
  ["columns, as pandas writes them", { id: { 0: 1, 1: 2 }, name: { 0: "a", 1: "b" } }],
])("an object of %s is refused, on one line or on several", async (_what, document) => {
  const refused = { code: "TABLE_NOT_FOUND", message: expect.stringContaining("may be rows or columns") }
  await expect(read(document)).rejects.toMatchObject(refused)
  for (const text of [JSON.stringify(document), JSON.stringify(document, null, 2)]) {
    expect(detect(Buffer.from(text), "rows.json").format).toBe("json")
    await expect(readTable(autoParser(), chunkedFile(text, 1000))).rejects.toMatchObject(refused)
  }
})

test.each<[document: unknown, paths: string]>([
  [{ meta: { view: { columns: [{ name: "id" }, { name: "x" }] } }, data: [["row-1", "a", null]] }, '"/data", "/meta/view/columns"'],
  [
    {
      columns: [{ name: "id" }, { name: "x" }],
      rows: [
        [1, 2],
        [3, 4],
      ],
    },
    '"/rows", "/columns"',
  ],
  [{ data: [["a"], ["b"]], schema: { fields: [{ id: 1 }, { id: 2 }] } }, '"/data", "/schema/fields"'],
])("an array of arrays is one of several if objects may describe its columns: %j", async (document, paths) => {
  for (const text of [JSON.stringify(document), JSON.stringify(document, null, 2)])
    await expect(readTable(autoParser(), chunkedFile(text, 1000))).rejects.toMatchObject({
      code: "TABLE_NOT_FOUND",
      message: expect.stringContaining(`: ${paths}.`),
    })
  expect((await read(document, { headers: ["name", "id"] })).rows.length).toBeGreaterThan(0)
})

test("an array of coordinates beside an array of objects is not the table", async () => {
  for (const beside of [
    {
      bounds: [
        [1, 2],
        [3, 4],
      ],
    },
    { bounds: [[]] },
    { meta: { tags: [["a", "b"]] } },
  ]) {
    const { rows, notices } = await read({ ...beside, page: { items: [{ a: 1 }, { a: 2 }, { a: 3 }] } })
    expect(rows).toHaveLength(3)
    expect(notices).toEqual(["json.path"])
  }
})

test.each<[document: unknown, path: string]>([
  [{ "Meta Data": { a: "x" }, "Daily series": { "2025-01-31": { open: "1.1" }, "2025-01-30": { open: "1.2" } } }, "/Daily series"],
  [{ base: "EUR", rates: { "2025-01-31": { USD: 1.1, GBP: 0.8 }, "2025-01-30": { USD: 1.2 } } }, "/rates"],
  [{ ok: true, result: { users: { 17: { name: "Ann" }, 18: { name: "Bob" } } } }, "/result/users"],
])("an object of rows by dates or ids in a document is refused, on one line or on several: %j", async (document, path) => {
  const refused = { code: "TABLE_NOT_FOUND", message: expect.stringContaining(`"${path}" is an object of objects with the same keys`) }
  for (const text of [JSON.stringify(document), JSON.stringify(document, null, 2)])
    await expect(readTable(autoParser(), chunkedFile(text, 1000))).rejects.toMatchObject(refused)
})

test("an event with objects of the same keys in it is one row", async () => {
  const text = JSON.stringify({ op: "u", payload: { before: { id: 1, x: 2 }, after: { id: 1, x: 3 } }, sizes: { 38: 1, 40: 2 } })
  expect((await readTable(autoParser(), chunkedFile(text, 1000))).rows).toHaveLength(1)
})

test("an object of objects is one row if they have other keys, or if the pipeline expects their columns", async () => {
  const order = { billing: { city: "Ulm" }, shipping: { city: "Bonn" } }
  expect((await read(order, { headers: ["billing.city", "shipping.city"] })).rows).toEqual([["Ulm", "Bonn"]])
  const text = JSON.stringify({ server: { host: "a", port: 2 }, client: { name: "b" } })
  expect((await readTable(autoParser(), chunkedFile(text, 1000))).rows).toEqual([["a", 2, "b"]])
  const lines = `${JSON.stringify(order)}\n${JSON.stringify(order)}\n`
  expect((await readTable(autoParser(), chunkedFile(lines, 1000))).rows).toHaveLength(2)
})
