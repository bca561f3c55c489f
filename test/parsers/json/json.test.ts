import { expect, test } from "vitest"
import type { SourceFile } from "../../../src/contract/source.ts"
import { type JsonOptions, json } from "../../../src/parsers/json/json.ts"
import { ndjson } from "../../../src/parsers/json/ndjson.ts"
import { WatchedFile } from "../../../src/testing/watched-file.ts"
import { chunkedFile } from "../chunked-file.ts"
import { readContext, readTable } from "../read-table.ts"

const read = (text: string | Uint8Array, options: JsonOptions = {}, chunkBytes = 7) =>
  readTable(json(options), chunkedFile(text, chunkBytes))
const kindsOf = async (text: string) => {
  const { batches } = await read(text)
  return batches[0]?.names.map((name) => batches[0]?.columns[name]?.kind)
}

test("an array of objects is a table; its keys are the columns, in the order in which they first appear", async () => {
  const { header, rows } = await read('[{"b":1,"a":"x"},{"a":"y","c":true,"b":2}]')
  expect(header).toEqual(["b", "a", "c"])
  expect(rows).toEqual([
    [1, "x", null],
    [2, "y", true],
  ])
})

test("an array of arrays is a table whose first array is the header", async () => {
  const { header, rows, batches } = await read('[["id","name"],[1,"x"],[2,null]]')
  expect(header).toEqual(["id", "name"])
  expect(rows).toEqual([
    [1, "x"],
    [2, null],
  ])
  expect(batches[0]?.origin(0).row).toBe(2)
})

test("a first array with more than texts is a row, and a notice says so", async () => {
  const { header, rows, notices } = await read('[[1,"x"],[2,"y"]]')
  expect(header).toEqual(["column_1", "column_2"])
  expect(rows).toHaveLength(2)
  expect(notices).toEqual(["header.none"])
})

test("header: false reads the first array as a row, whatever it contains", async () => {
  const { header, rows, notices } = await read('[["a","b"],["c","d"]]', { header: false })
  expect([header, rows, notices]).toEqual([
    ["column_1", "column_2"],
    [
      ["a", "b"],
      ["c", "d"],
    ],
    [],
  ])
})

test("header says which array has the names, which may then be numbers", async () => {
  const text = '[["Report",2026],[],["name",2025,true,null],["x",1,2,3]]'
  for (const chunkBytes of [1, 7, 1000]) {
    const { header, rows, notices, batches } = await read(text, { header: 3 }, chunkBytes)
    expect(header).toEqual(["name", "2025", "true", "column_4"])
    expect(rows).toEqual([["x", 1, 2, 3]])
    expect(notices).toEqual(["header.blank"])
    expect(batches[0]?.origin(0)).toMatchObject({ row: 4, offset: text.indexOf('["x"') })
  }
  expect((await read('[["a",1],[2,3]]', { header: true })).header).toEqual(["a", "1"])
  expect((await read('[{"a":1}]', { header: 3 })).rows).toEqual([[1]])
})

test("a header greater than the number of arrays is an error, and so is one that is not a count", async () => {
  await expect(read('[["a"],["b"]]', { header: 3 })).rejects.toMatchObject({ code: "HEADER_NOT_FOUND" })
  await expect(read('[["a"]]', { header: 2 })).rejects.toMatchObject({ code: "HEADER_NOT_FOUND" })
  expect((await read("[]", { header: 2 })).rows).toEqual([])
  for (const header of [0, -1, 1.5, Number.NaN]) expect(() => json({ header })).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }))
})

test("arrays of a different length than the header are rejected with their JSON", async () => {
  const { issues, batches } = await read('[["a","b"],[1,2],[1],[1,2,3],[]]')
  expect(issues).toEqual(["1: row.ragged", "2: row.ragged", "3: row.ragged"])
  expect([1, 2, 3].map((row) => batches[0]?.raw(row))).toEqual([{ _raw: "[1]" }, { _raw: "[1,2,3]" }, { _raw: "[]" }])
  expect([...(batches[0]?.selection ?? [])]).toEqual([0])
})

test("nested objects become columns by dotted path, and arrays stay values", async () => {
  const { header, rows } = await read('[{"id":1,"at":{"city":"x","geo":{"lat":1.5}},"tags":["a",{"b":[]}]}]')
  expect(header).toEqual(["id", "at.city", "at.geo.lat", "tags"])
  expect(rows).toEqual([[1, "x", 1.5, ["a", { b: [] }]]])
})

test("a key that is null in one record and an object in others is not a column", async () => {
  const { header, rows } = await read('[{"a":null,"b":{}},{"a":{"x":1},"b":{"y":2}},{"a":null,"b":{}}]')
  expect(header).toEqual(["a.x", "b.y"])
  expect(rows).toEqual([
    [null, null],
    [1, 2],
    [null, null],
  ])
})

test("a key that is always null, or an empty object, is a column of nulls", async () => {
  expect(await read('[{"a":null,"b":{}}]')).toMatchObject({ header: ["a", "b"], rows: [[null, null]] })
})

test("a key with a dot and a path with the same name are two columns", async () => {
  const { header, rows, notices } = await read('[{"a.b":1,"a":{"b":2}}]')
  expect([header, rows, notices]).toEqual([["a.b", "a.b_2"], [[1, 2]], ["header.duplicate"]])
})

test("columns have the smallest layout that holds their cells", async () => {
  expect(
    await kindsOf('[{"n":1,"t":"x","b":false,"m":1,"z":null,"l":[1]},{"n":null,"t":null,"b":null,"m":"x","z":null,"l":null}]'),
  ).toEqual(["number", "bytes", "boolean", "value", "bytes", "value"])
})

test.each([
  ["0", 0],
  ["-0", -0],
  ["1.50", 1.5],
  ["1e3", 1000],
  ["12.5E-1", 1.25],
  ["0.1", 0.1],
  ["0.30000000000000004", 0.30000000000000004],
  ["9007199254740991", 9007199254740991],
  ["9007199254740992", "9007199254740992"],
  ["-9007199254740993", "-9007199254740993"],
  ["100000000000000000000", "100000000000000000000"],
  ["1e20", 1e20],
  ["0.1234567890123456789", "0.1234567890123456789"],
  ["1e400", "1e400"],
  ["-1e400", "-1e400"],
  ["1e-400", "1e-400"],
  ["0e400", 0],
  ["1.7976931348623157e308", Number.MAX_VALUE],
  ["5e-324", Number.MIN_VALUE],
  ["1.00000000000000000000000", 1],
])("the number %s is read as %j: as text if a double would lose digits", async (text, value) => {
  expect((await read(`[{"a":${text}}]`)).rows).toEqual([[value]])
  expect((await read(`[{"a":[${text}]}]`)).rows).toEqual([[[value]]])
})

test("the type of a number does not depend on other cells of the column", async () => {
  expect((await read('[{"a":1},{"a":12345678901234567890},{"a":2.5}]')).rows).toEqual([[1], ["12345678901234567890"], [2.5]])
  expect(await kindsOf('[{"a":12345678901234567890},{"a":12345678901234567891}]')).toEqual(["bytes"])
})

test("plain numbers keep their bytes from the file, others do not", async () => {
  const plainOf = async (text: string) => {
    const column = (await read(text)).batches[0]?.columns["a"]
    return column !== undefined && "plain" in column ? column.plain !== undefined : undefined
  }
  expect(await plainOf('[{"a":1},{"a":-2.5},{}]')).toBe(true)
  expect(await plainOf('[{"a":1},{"a":1e3}]')).toBe(false)
})

test("escapes are undone in texts and keys", async () => {
  const { header, rows } = await read(String.raw`[{"\u0061\n":"\"\\\/\b\f\n\r\t\u00e9\u20ac\ud83d\ude00","b":["\u0041"]}]`)
  expect(header).toEqual(["a", "b"])
  expect(rows).toEqual([['"\\/\b\f\n\r\té€😀', ["A"]]])
})

test("half a surrogate pair and NUL are issues of their row, which keeps its cells", async () => {
  const { rows, issues } = await read(String.raw`[{"a":"x\ud800y"},{"a":"\u0000"},{"a":"\udc00\ud83d\ude00"},{"a":["\ud800"]},{"a":"ok"}]`)
  expect(rows.slice(0, 3)).toEqual([["x\ufffdy"], ["\0"], ["\ufffd😀"]])
  expect(issues.filter((issue) => !issue.startsWith("3"))).toEqual([
    "0: text.lone_surrogate a",
    "1: text.nul a",
    "2: text.lone_surrogate a",
  ])
  expect(issues.filter((issue) => issue.startsWith("3"))).toHaveLength(1)
})

test("bytes that are not UTF-8 are an issue of their row, wherever chunks are cut", async () => {
  const bytes = Buffer.concat([Buffer.from('[{"a":"é"},{"a":"'), Buffer.from([0xe9, 0x20]), Buffer.from('"},{"a":"€😀"}]')])
  for (const chunkBytes of [1, 2, 3, 5, 100]) {
    const { rows, issues, batches } = await read(bytes, {}, chunkBytes)
    expect(rows).toEqual([["é"], [null], ["€😀"]])
    expect(issues).toEqual(["1: text.invalid_utf8"])
    expect(batches[0]?.raw(1)).toEqual({ _raw: '{"a":"\ufffd "}' })
  }
})

test("a repeated key rejects its row with its JSON, at any depth", async () => {
  const { rows, issues, batches } = await read('[{"a":1,"a":2},{"a":{"b":1,"b":2}},{"a":1,"a":{"b":1}},{"a":[{"c":1,"c":1}]},{"a":1}]')
  expect(issues).toEqual(["0: json.duplicate_key a", "1: json.duplicate_key a.b", "2: json.duplicate_key a", "3: json.duplicate_key c"])
  expect(batches[0]?.raw(0)).toEqual({ _raw: '{"a":1,"a":2}' })
  // Nobody knows which of two values is meant, so the row has neither.
  expect(rows).toEqual([...new Array(4).fill([null, null]), [1, null]])
})

test("the last key of a batch is not mistaken for a repeated key in the next", async () => {
  const text = JSON.stringify([{ a: 1 }, { a: 1 }, { b: 1 }, { a: { c: 1 } }, { a: { c: 1 } }])
  const { issues } = await readTable(json(), chunkedFile(text), { batchRows: 1 })
  expect(issues.filter((issue) => issue.includes("duplicate"))).toEqual([])
})

test("a value that is not an object is a rejected row among objects", async () => {
  const { issues, batches } = await read('[{"a":1},[1],2,null,"x",{"a":2}]')
  expect(issues).toEqual(["1: json.not_a_row", "2: json.not_a_row", "3: json.not_a_row", "4: json.not_a_row"])
  expect(batches[0]?.raw(2)).toEqual({ _raw: "2" })
})

test("a key that appears after the columns were settled becomes the last column, with a warning on its first row", async () => {
  const text = JSON.stringify([{ a: 1 }, { a: 2 }, { a: 3, c: "x" }, { a: 4, b: 5, c: "y" }])
  const { header, rows, issues, batches } = await readTable(json(), chunkedFile(text), { batchRows: 2 })
  expect(header).toEqual(["a"])
  expect(batches.map(({ names }) => names)).toEqual([["a"], ["a", "c", "b"]])
  expect(rows).toEqual([[1], [2], [3, "x", null], [4, "y", 5]])
  expect(issues).toEqual(["2: json.new_column c", "3: json.new_column b"])
  expect([...(batches[1]?.selection ?? [])]).toEqual([0, 1])
  expect(new Set(batches.map(({ table }) => table)).size).toBe(1)
})

test("names that objects inherit are changed, and no prototype is touched", async () => {
  const { header, rows, batches } = await read(
    '[{"__proto__":{"polluted":1},"constructor":2,"toString":3,"v":[{"__proto__":{"polluted":4}}]}]',
  )
  expect(header).toEqual(["__proto__.polluted", "constructor_column", "toString_column", "v"])
  expect(rows[0]?.slice(0, 3)).toEqual([1, 2, 3])
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  const nested = batches[0]?.columns["v"]?.at(0)
  expect(JSON.stringify(nested)).toBe('[{"__proto__":{"polluted":4}}]')
})

test("path leads to the array of rows, and the rest of the document is still checked", async () => {
  const text = '{"meta":{"rows":[{"x":0}]},"data":[[1],{"items":[{"a":1},{"a":2}],"next":null}],"end":[{}]}'
  const { rows, batches } = await read(text, { path: "/data/1/items" })
  expect(rows).toEqual([[1], [2]])
  expect(batches[0]?.table.name).toBe("items")
  await expect(read(`${text.slice(0, -1)},}`, { path: "/data/1/items" })).rejects.toMatchObject({ code: "FILE_CORRUPT" })
  await expect(read(text.slice(0, -1), { path: "/data/1/items" })).rejects.toMatchObject({ code: "FILE_TRUNCATED" })
})

test("the escapes of a pointer stand for slashes and tildes in keys", async () => {
  expect((await read('{"a/b":{"~":[{"x":1}]}}', { path: "/a~1b/~0" })).rows).toEqual([[1]])
  expect(() => json({ path: "data" })).toThrow(/not a JSON pointer/)
  expect(() => json({ path: "/a~2" })).toThrow(/not a JSON pointer/)
})

test.each([
  ["/nothing", 'nothing at the path "/nothing"'],
  ["/list/7", 'nothing at the path "/list/7"'],
  ["/text", "is a text"],
  ["/object", "is an object"],
  ["/text/x", "is a text"],
])("a path %s without an array there is named in the error", async (path, message) => {
  const document = '{"list":[[1]],"text":"x","object":{"rows":[{}]}}'
  await expect(read(document, { path })).rejects.toMatchObject({ code: "TABLE_NOT_FOUND", message: expect.stringContaining(message) })
})

test("a document with two tables under one key is refused", async () => {
  await expect(read('{"data":[{"a":1}],"data":[{"a":2}]}', { path: "/data" })).rejects.toMatchObject({ code: "FILE_CORRUPT" })
})

test("a document around a table lists the tables that it contains", async () => {
  await expect(read('{"count":2,"ids":[1,2],"rows":[{"a":1}]}', { path: "" })).rejects.toMatchObject({
    code: "TABLE_NOT_FOUND",
    remedy: expect.stringContaining('such as "/rows",'),
  })
})

test.each(["[1,2]", '["a"]', "[true]", "7", '"x"', "null"])("%s is JSON but not a table", async (text) => {
  await expect(read(text)).rejects.toMatchObject({ code: "TABLE_NOT_FOUND" })
})

test("objects that follow one another are rows, however they are laid out", async () => {
  expect((await read('{\n "a": 1\n}\n{\n "a": 2\n} {"a":3}')).rows).toEqual([[1], [2], [3]])
})

test("an empty array is a table without rows", async () => {
  const { header, rows, batches } = await read(" [ ] ")
  expect([header, rows, batches.length]).toEqual([[], [], 1])
})

test.each([
  ["[", "FILE_TRUNCATED", 1],
  ['[{"a":1}', "FILE_TRUNCATED", 8],
  ['[{"a":"x', "FILE_TRUNCATED", 8],
  ['[{"a":tru', "FILE_TRUNCATED", 9],
  ['[{"a":1}]x', "FILE_CORRUPT", 9],
  ['[{"a":1},]', "FILE_CORRUPT", 9],
  ['[{"a":1}{"a":2}]', "FILE_CORRUPT", 8],
  ['[{"a":NaN}]', "FILE_CORRUPT", 6],
  ['[{"a":-Infinity}]', "FILE_CORRUPT", 6],
  ["[{'a':1}]", "FILE_CORRUPT", 2],
  ['[{"a":01}]', "FILE_CORRUPT", 6],
  ['[{"a":"\t"}]', "FILE_CORRUPT", 7],
  ['[{"a":"\\x"}]', "FILE_CORRUPT", 7],
  ['[{"a":1} /* x */]', "FILE_CORRUPT", 9],
  ["{} []", "FILE_CORRUPT", 3],
])("%j is refused with %s at byte %s, in chunks of any size", async (text, code, offset) => {
  for (const chunkBytes of [1, 3, 1000])
    await expect(read(text, {}, chunkBytes)).rejects.toMatchObject({ code, origin: { uri: "memory/file" } })
  await expect(read(text)).rejects.toMatchObject({ origin: { offset } })
})

test.each(["", " \n", "\ufeff"])("%j is an empty file", async (text) => {
  await expect(read(text)).rejects.toMatchObject({ code: "SOURCE_EMPTY" })
})

test("rows before the damage are returned, and then the error is thrown", async () => {
  const batches: number[] = []
  const reading = async () => {
    for await (const batch of json().parse(chunkedFile('[{"a":1},{"a":2},{"a":3},oops]'), readContext({ batchRows: 2 })))
      batches.push(batch.length)
  }
  await expect(reading()).rejects.toMatchObject({ code: "FILE_CORRUPT" })
  expect(batches).toEqual([2])
})

test("a byte order mark and UTF-16 are read", async () => {
  const text = '[{"a":"é😀"}]'
  const rows = [["é😀"]]
  expect((await read(`\ufeff${text}`)).rows).toEqual(rows)
  for (const marked of [text, `\ufeff${text}`]) {
    expect((await read(Buffer.from(marked, "utf16le"))).rows).toEqual(rows)
    expect((await read(Buffer.from(marked, "utf16le").swap16())).rows).toEqual(rows)
  }
  await expect(read(Buffer.from('\ufeff[{"a":"\ud800"}]', "utf16le"))).rejects.toMatchObject({ code: "ENCODING_INVALID" })
})

test("an error in UTF-16 does not claim a byte position in the file", async () => {
  const error = await read(Buffer.from('\ufeff[{"a":"é"},{"a":x}]', "utf16le")).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: "FILE_CORRUPT", message: expect.stringContaining("at byte 17 of its UTF-8 form") })
  expect(error).not.toHaveProperty("origin.offset")
})

test("depth is counted from the document", async () => {
  const nested = (levels: number) => `{"t":[${"[".repeat(levels - 2)}${"]".repeat(levels - 2)}]}`
  expect((await read(nested(64), { path: "/t" })).rows).toHaveLength(1)
  const message = "The JSON text at byte 68 has 65 levels of nesting; the limit is 64 (limits.depth)."
  await expect(read(nested(65), { path: "/t" })).rejects.toMatchObject({ code: "LIMIT_EXCEEDED", message })
})

test.each([
  ["a run that was aborted before it began", '[{"a":1}]', AbortSignal.abort(), { name: "AbortError" }],
  ["text in UTF-32", Buffer.from("\xff\xfe\0\0[\0\0\0", "latin1"), undefined, { code: "ENCODING_INVALID" }],
  ["invalid UTF-16", Buffer.from("\xff\xfe[\0{\0\0\xd8\0\0", "latin1"), undefined, { code: "ENCODING_INVALID" }],
])("%s closes the file", async (_, content, signal, error) => {
  for (const parser of [json(), ndjson()]) {
    const file = new WatchedFile(content, { chunkBytes: 8 })
    await expect(readTable(parser, file, signal === undefined ? {} : { signal })).rejects.toMatchObject(error)
    expect([file.opened, file.open]).toEqual([1, 0])
  }
})

test("a run can be aborted before the table and after it", async () => {
  const padding = '"x",'.repeat(200_000)
  for (const document of [`{"p":[${padding}1],"t":[{"a":1}]}`, `{"t":[{"a":1}],"p":[${padding}1]}`]) {
    const controller = new AbortController()
    const file = chunkedFile(document, 1000)
    let chunks = 0
    const watched: SourceFile = {
      ...file,
      async *stream() {
        for await (const chunk of file.stream()) {
          if (++chunks === 20) controller.abort()
          yield chunk
        }
      },
    }
    await expect(readTable(json({ path: "/t" }), watched, { signal: controller.signal })).rejects.toMatchObject({ name: "AbortError" })
    expect(chunks).toBe(20)
  }
})

test("every row knows the byte at which it begins", async () => {
  const text = '\ufeff[\n {"a":"é"},\n {"a":2},{"a":3}]'
  const { batches } = await readTable(json(), chunkedFile(text, 5), { batchRows: 2 })
  const origins = batches.flatMap((batch) => Array.from({ length: batch.length }, (_, row) => batch.origin(row)))
  const bytes = Buffer.from(text)
  expect(origins.map(({ row, offset }) => [row, bytes.toString("utf8", offset, (offset ?? 0) + 5)])).toEqual([
    [1, '{"a":'],
    [2, '{"a":'],
    [3, '{"a":'],
  ])
})

test.each([
  [{ depth: 3 }, '[{"a":{"b":[1]}}]', "limits.depth"],
  [{ cellBytes: 10 }, '[{"a":"0123456789x"}]', "limits.cellBytes"],
  [{ cellBytes: 10 }, '[{"a":01234567890123}]'.replace("01", "1"), "limits.cellBytes"],
  [{ cellBytes: 10 }, '[{"0123456789x":1}]', "limits.cellBytes"],
  [{ recordBytes: 20 }, '[{"a":1,"b":2,"c":3,"d":4}]', "limits.recordBytes"],
  [{ columns: 2 }, '[{"a":1,"b":{"c":2,"d":4}}]', "limits.columns"],
])("the limit %j is an error that names the option that raises it", async (limits, text, option) => {
  for (const chunkBytes of [1, 5, 1000])
    await expect(read(text, { limits }, chunkBytes)).rejects.toMatchObject({
      code: "LIMIT_EXCEEDED",
      message: expect.stringContaining(option),
      remedy: expect.stringContaining(option),
    })
  expect((await read(text, { limits: Object.fromEntries(Object.keys(limits).map((limit) => [limit, 100])) })).rows).toHaveLength(1)
})

test("many columns make small batches, and no batch has more than a million cells", async () => {
  const keys = Array.from({ length: 3_000 }, (_, at) => `k${at}`)
  const row = JSON.stringify(Object.fromEntries(keys.map((key) => [key, 1])))
  const text = `[${new Array(600).fill('{"k0":0}').join(",")},${new Array(500).fill(row).join(",")}]`
  const { batches } = await readTable(json(), chunkedFile(text, 65_536), { batchBytes: 64 << 20 })
  expect(batches.reduce((sum, batch) => sum + batch.length, 0)).toBe(1_100)
  for (const batch of batches) expect(batch.length * batch.names.length).toBeLessThanOrEqual(1 << 20)
})

test("an aborted run stops reading", async () => {
  const abort = new AbortController()
  const reading = async () => {
    for await (const batch of json().parse(
      chunkedFile(JSON.stringify(new Array(100).fill({ a: 1 })), 50),
      readContext({ signal: abort.signal, batchRows: 10 }),
    ))
      if (batch.length > 0) abort.abort(new Error("enough"))
  }
  await expect(reading()).rejects.toThrow("enough")
})

test.each([
  ["[S]", "expected a value, but found a letter"],
  ['[{"id":1 7}]', 'expected a comma or "}", but found a digit'],
  ['[{"id":€}]', "expected a value, but found a character outside ASCII"],
  ['[{"id":\u0001}]', "expected a value, but found a control character"],
  ['[{"id":#}]', "expected a value, but found a punctuation mark"],
  ['[{"id":}]', 'expected a value, but found "}"'],
])("the error about %j quotes no character of a cell", async (content, message) => {
  await expect(read(content)).rejects.toMatchObject({
    code: "FILE_CORRUPT",
    message: expect.stringContaining(message),
  })
})
