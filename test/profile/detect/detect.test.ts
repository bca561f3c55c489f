import ExcelJS from "exceljs"
import { expect, test } from "vitest"
import { Random } from "../../../examples/data/random.ts"
import { RowgateError } from "../../../src/errors/rowgate-error.ts"
import { csv } from "../../../src/parsers/csv/csv.ts"
import { type DetectOptions, detect, learn, type SuspectCell } from "../../../src/pipeline/tables/detect.ts"
import { bytes } from "../../../src/sources/bytes.ts"

/** A table of `rows` rows: each column by a function of the row, with some cells replaced. */
function table(
  rows: number,
  columns: { readonly [name: string]: (row: number) => string },
  replaced: readonly (readonly [row: number, column: string, text: string])[] = [],
): Buffer {
  const names = Object.keys(columns)
  const lines = Array.from({ length: rows }, (_, row) =>
    names.map((name) => replaced.find(([at, column]) => at === row && column === name)?.[2] ?? columns[name]?.(row) ?? ""),
  )
  return Buffer.from(`${[names, ...lines].map((line) => line.map((cell) => `"${cell}"`).join(",")).join("\n")}\n`)
}

async function suspects(source: Uint8Array, options: DetectOptions = {}): Promise<readonly SuspectCell[]> {
  const found: SuspectCell[] = []
  for await (const cell of detect(bytes(source), { header: 1, ...options })) found.push(cell)
  return found
}

/** The suspects as `row column value reason`; the row is that of `table`, from 0. */
async function shown(source: Uint8Array, options: DetectOptions = {}): Promise<readonly string[]> {
  return (await suspects(source, options)).map(({ row, column, value, reasons }) => `${row - 2} ${column} ${value} ${reasons[0]?.reason}`)
}

const towns = ["Birmingham", "Springfield", "Oakland", "Tampa", "Denver"]
const random = (row: number, salt: number) => new Random(salt, row)
const town = (row: number) => towns[random(row, 1).below(towns.length)] ?? ""
const count = (row: number) => String(40 + random(row, 2).below(60))
const day = (row: number) => new Date(Date.UTC(2024, 0, 1 + random(row, 3).below(300))).toISOString().slice(0, 10)

test("a table in which nothing is odd has no suspects, and neither has an empty one", async () => {
  expect(await shown(table(200, { town, count, day }))).toEqual([])
  expect(await shown(Buffer.from("a,b\n"))).toEqual([])
  expect(await shown(Buffer.from("a,b\n1,2\n,\n"))).toEqual([])
})

test.each([
  ["a typo", "town", "Birmingxam", "typo"],
  ["a letter that is missing", "town", "Sprngfield", "typo"],
  ["two letters in the wrong order", "town", "Okaland", "typo"],
  ["other case", "town", "OAKLAND", "variant"],
  ["white space", "town", "Tampa ", "variant"],
  ["a word that stands for no value", "town", "n/a", "null"],
  ["a word among numbers", "count", "many", "type"],
  ["a word that stands for no value among numbers", "count", "unknown", "null"],
  ["a decimal comma", "count", "41,5", "format"],
  ["a unit that other numbers lack", "count", "41 kg", "format"],
  ["a number in another unit", "count", "41000", "outlier"],
  ["another date format", "day", "31.03.2024", "format"],
  ["a date far from all others", "day", "1931-03-31", "outlier"],
  ["an empty cell", "day", "", "empty"],
  ["a value of another column", "town", "2024-02-01", "format"],
])("finds %s", async (_, column, text, reason) => {
  for (const at of [3, 90, 199]) {
    const found = await shown(table(200, { town, count, day }, [[at, column, text]]))
    expect(found).toEqual([`${at} ${column} ${text === "" ? null : text} ${reason}`])
  }
})

test("numbers and dates that stand for no value are found if they repeat far from all others", async () => {
  const year = (row: number) => String(1990 + (row % 30))
  const replaced = [4, 40, 140].flatMap((row) => [[row, "count", "9999"] as const, [row, "day", "1900-01-01"] as const])
  const found = await shown(table(200, { count, day, year }, replaced))
  expect(found).toEqual([4, 40, 140].flatMap((row) => [`${row} count 9999 null`, `${row} day 1900-01-01 null`]))
})

test("codes that differ in digits, single letters and roman numerals are no typos", async () => {
  const codes = ["Type 1 engine", "Type 1 engine", "Type 1 engine", "Type 1 engine"]
  const rare = [
    [7, "code", "Type 2 engine"],
    [9, "kind", "Class B"],
    [11, "id", "AB-1043"],
  ] as const
  const found = await shown(table(120, { code: (row) => codes[row % 4] ?? "", kind: () => "Class A", id: () => "AB-1042" }, rare))
  expect(found.filter((each) => each.endsWith("typo") || each.endsWith("variant"))).toEqual([])
})

test("a rare name that is near a frequent one is no typo where many rare names are near none", async () => {
  const names = Array.from(
    { length: 150 },
    (_, at) => `${String.fromCharCode(65 + (at % 26))}${"aeiou"[at % 5]}${"lmnrst"[at % 6]}${at.toString(26).replace(/\d/g, "q")}vich`,
  )
  const name = (row: number) => (row < 20 ? "Gambia" : (names[row] ?? "Norway"))
  const found = await suspects(table(150, { name }, [[30, "name", "Zambia"]]))
  expect(found.filter(({ value }) => value === "Zambia")).toEqual([])
})

test("a cell that contradicts the column that determines it is suspect, with what it should be", async () => {
  const zip = (row: number) => String(10_000 + (row % 12))
  const city = (row: number) => `City ${"ABCDEFGHIJKL".charAt(row % 12)}ville`
  const state = (row: number) => ["NY", "CA", "TX"][(row % 12) % 3] ?? ""
  const found = await suspects(
    table(240, { zip, city, state, count }, [
      [50, "city", "City Aville"],
      [77, "state", "NY"],
    ]),
  )
  expect(found.map(({ row, column, value, expected }) => [row - 2, column, value, expected])).toEqual([
    [50, "city", "City Aville", "City Cville"],
    [77, "state", "NY", "TX"],
  ])
})

test("if several columns contradict one cell, that cell is suspect and the others are not", async () => {
  const of = (name: string) => (row: number) => `${name}-${"ABCDEFGHIJ".charAt(row % 10)}x`
  const found = await suspects(
    table(200, { key: of("key"), name: of("name"), street: of("street"), phone: of("phone") }, [[33, "key", "key-Ax"]]),
  )
  expect(found.map(({ row, column }) => [row - 2, column])).toEqual([[33, "key"]])
})

test("columns that go together by chance or by tendency determine nothing", async () => {
  const maker = (row: number) => `Maker ${"ABCDEFGHIJ".charAt(random(row, 4).below(10))}`
  // Six of ten cars of a maker have its usual colour.
  const colour = (row: number) =>
    (random(row, 5).below(10) < 6 ? `colour of ${maker(row)}` : ["red", "blue", "grey", "white"][random(row, 6).below(4)]) ?? ""
  expect(await shown(table(600, { maker, colour }))).toEqual([])
})

test("where several sources tell of one entity, those that deviate from most are suspect", async () => {
  const source = (row: number) => `site ${"abcdefghij".charAt(row % 10)}`
  const flight = (row: number) => `UA-${100 + Math.floor(row / 10)}`
  const time = (row: number) => `${1 + (Math.floor(row / 10) % 12)}:${10 + ((Math.floor(row / 10) * 7) % 50)} p.m.`
  const wrong = [0, 3, 5].flatMap((at) =>
    Array.from({ length: 40 }, (_, each) => [10 * each + ((at + each) % 10), "time", `${1 + (each % 9)}:${11 + at * 9} a.m.`] as const),
  )
  const found = await suspects(table(400, { source, flight, time }, wrong))
  expect(found.map(({ row, column }) => `${row - 2} ${column}`).sort()).toEqual(wrong.map(([row]) => `${row} time`).sort())
  expect(new Set(found.map(({ reasons }) => reasons[0]?.reason))).toEqual(new Set(["source"]))
})

test("a series that changes over time has no sources, and its changes are no errors", async () => {
  const country = (row: number) => `Country ${"abcdefghij".charAt(row % 10)}`
  const year = (row: number) => String(2000 + Math.floor(row / 10))
  const group = (row: number) => (Math.floor(row / 10) > 14 ? "high income" : `group ${row % 10}`)
  expect(await shown(table(200, { country, year, group }))).toEqual([])
})

test("customers and what they bought are no entities and sources, so that a customer may move", async () => {
  const customer = (row: number) => `customer ${row % 50}`
  const product = (row: number) => `product ${"abcdefghijklmnopqrstuvwxyz".charAt(random(row, 9).below(26))}${random(row, 10).below(3)}`
  const street = (row: number) => `${row % 50} ${row < 240 ? "Old" : "New"} Street`
  expect(await shown(table(400, { customer, product, street }))).toEqual([])
})

test("a date out of order is suspect in rows that are sorted by date", async () => {
  const sorted = (row: number) => new Date(Date.UTC(2024, 0, 1 + Math.floor(row / 2))).toISOString().slice(0, 10)
  const found = await shown(
    table(400, { sorted, count }, [
      [120, "sorted", "2024-07-05"],
      [333, "sorted", "2024-01-05"],
    ]),
  )
  expect(found).toEqual(["120 sorted 2024-07-05 order", "333 sorted 2024-01-05 order"])
})

test("weak reasons add up, the strongest comes first, and none exceeds 1", async () => {
  const found = await suspects(table(200, { town, count }, [[5, "count", "n/a"]]))
  const [cell] = found
  expect(cell?.reasons.map(({ reason, weight }) => [reason, weight])).toEqual([
    ["null", 0.9],
    ["type", 0.8],
  ])
  expect(cell?.suspicion).toBe(0.98)
})

test("least and columns choose what is reported, and the weights do not change with them", async () => {
  const source = table(200, { town, count, day }, [
    [5, "count", "n/a"],
    [9, "town", "Tampx"],
    [11, "day", "31.03.2024"],
  ])
  const all = await suspects(source)
  expect(all).toHaveLength(3)
  expect(await suspects(source, { columns: ["town", "day"] })).toEqual(all.filter(({ column }) => column !== "count"))
  expect(await suspects(source, { least: 0.97 })).toEqual(all.filter(({ suspicion }) => suspicion >= 0.97))
  expect((await suspects(source, { least: 0 })).length).toBeGreaterThanOrEqual(3)
  await expect(suspects(source, { columns: ["Town"] })).rejects.toThrow('No table has the column "Town".')
})

test("the same bytes give the same suspects in whatever batches they are read", async () => {
  const source = table(300, { town, count, day }, [
    [5, "count", "n/a"],
    [99, "town", "Tampx"],
    [211, "day", "31.03.2024"],
  ])
  const whole = await suspects(source)
  for (const batchRows of [1, 7, 64]) expect(await suspects(source, { batchRows })).toEqual(whole)
})

test("a table larger than the sample is read twice, and every cell is judged", async () => {
  const rows = 70_000
  const source = table(rows, { town, count }, [])
  const text = source.toString().split("\n")
  for (const [row, line] of [
    [10, "Birmingxam,41"],
    [35_000, "Tampa,many"],
    [69_990, "Denvre,44"],
  ] as const)
    text[row + 1] = line
  const found = await shown(Buffer.from(text.join("\n")))
  expect(found).toEqual(["10 town Birmingxam typo", "35000 count many type", "69990 town Denvre typo"])
})

test("rows that the parser cannot read, and totals below the table, are not judged", async () => {
  const lines = table(100, { town, count }).toString().replaceAll('"', "").trim().split("\n")
  lines.splice(50, 0, "town,count")
  const total = Array.from({ length: 100 }, (_, row) => Number(count(row))).reduce((sum, each) => sum + each, 0)
  lines.push(`Total,${total}`, ",", "* without returns,")
  const found: SuspectCell[] = []
  for await (const cell of detect(bytes(Buffer.from(lines.join("\n"))), { parser: csv() })) found.push(cell)
  expect(found).toEqual([])
})

test("a value that is not an option is refused before the source is opened", () => {
  expect(() => detect("orders.csv", { least: 2 })).toThrow(RowgateError)
  expect(() => detect("orders.csv", { leest: 0.4 } as DetectOptions)).toThrow("detect() has no option leest; did you mean least?")
})

test("a pair of columns determines another that neither determines alone", async () => {
  const state = (row: number) => ["NY", "CA", "TX", "FL"][random(row, 7).below(4)] ?? ""
  const rank = (row: number) => ["single", "married"][random(row, 8).below(2)] ?? ""
  const fees: { readonly [key: string]: string } = {
    NYsingle: "150",
    NYmarried: "420",
    CAsingle: "130",
    CAmarried: "710",
    TXsingle: "90",
    TXmarried: "340",
    FLsingle: "260",
    FLmarried: "880",
  }
  const fee = (row: number) => fees[state(row) + rank(row)] ?? ""
  const wrong = fee(40) === "150" ? "880" : "150"
  const found = await suspects(table(400, { state, rank, fee }, [[40, "fee", wrong]]))
  expect(found.map(({ row, column, value, expected }) => [row - 2, column, value, expected])).toEqual([[40, "fee", wrong, fee(40)]])
})

test("a ruleset from a clean file judges another one, however few rows that has, and is plain JSON", async () => {
  const zip = (row: number) => String(10_000 + (row % 12))
  const city = (row: number) => `${"ABCDEFGHIJKL".charAt(row % 12)}ville ${"abcdefghijkl".charAt(row % 12)}wood`
  const phone = (row: number) => `555-${1000 + (row % 12)}`
  const ruleset = JSON.parse(JSON.stringify(await learn(bytes(table(600, { zip, city, phone, town, count })), { header: 1 })))
  const few = table(6, { zip, city, phone, town, count }, [
    [1, "town", "Birmingxam"],
    [2, "city", "Aville awood"],
    [3, "count", "many"],
    [4, "town", "Paris"],
  ])
  expect(await shown(few)).toEqual([])
  expect(await shown(few, { ruleset })).toEqual([
    "1 town Birmingxam typo",
    "2 city Aville awood dependency",
    "3 count many type",
    "4 town Paris rare",
  ])
  expect(await shown(table(50, { zip, city, phone, town, count }), { ruleset })).toEqual([])
})

test("a ruleset of another version, or damaged, is refused", async () => {
  const ruleset = await learn(bytes(table(30, { town, count })), { header: 1 })
  const [first] = ruleset.tables
  const damaged = { ...ruleset, tables: [{ table: "a", columns: [{ name: "a", values: [""], codes: [5] }] }] }
  expect(first?.columns.map(({ name }) => name)).toEqual(["town", "count"])
  for (const wrong of [{ ...ruleset, version: 0 }, damaged, {}, null])
    expect(() => detect("orders.csv", { ruleset: wrong } as DetectOptions)).toThrow("The option ruleset of detect() takes a ruleset")
})

test("the same data has the same suspects as csv, json and a workbook", async () => {
  const row = (at: number) => ({
    town: at === 7 ? "Birmingxam" : town(at),
    trees: at === 9 ? 9999999 : Number(count(at)),
    day: at === 11 ? "n/a" : day(at),
  })
  const rows = Array.from({ length: 120 }, (_, at) => row(at))
  const book = new ExcelJS.Workbook()
  const sheet = book.addWorksheet("Towns")
  sheet.addRow(["town", "trees", "day"])
  for (const each of rows) sheet.addRow([each.town, each.trees, each.day === "n/a" ? each.day : new Date(each.day)])
  const csvText = ["town,trees,day", ...rows.map((each) => Object.values(each).join(","))].join("\n")
  const files = [Buffer.from(csvText), Buffer.from(JSON.stringify(rows)), new Uint8Array(await book.xlsx.writeBuffer())]
  for (const file of files) {
    const found: string[] = []
    for await (const { column, value, reasons } of detect(file))
      found.push(`${column} ${value} ${reasons.map(({ reason }) => reason).join("+")}`)
    expect(found).toEqual(["town Birmingxam typo", "trees 9999999 outlier", "day n/a null+type"])
  }
})

test("a row that occurs twice is suspect in the cell that differs, whichever it is, or in its id", async () => {
  const id = (row: number) => `K-${1000 + 7 * row}`
  const columns = { id, town, count, day, other: (row: number) => String(random(row, 12).below(900)) }
  const copy = (row: number, of: number, column: keyof typeof columns, text: string) =>
    Object.entries(columns).map(([name, cell]) => [row, name, name === column ? text : cell(of)] as const)
  const copies = [
    ...copy(150, 20, "town", town(20) === "Denver" ? "Tampa" : "Denver"),
    ...copy(160, 30, "count", "47"),
    ...copy(170, 40, "day", day(41)),
    ...copy(180, 50, "id", id(50)),
  ]
  const found = await suspects(table(200, columns, copies))
  expect(found.map(({ row, column, reasons }) => [row - 2, column, reasons[0]?.reason, reasons[0]?.message])).toEqual([
    [150, "town", "duplicate", "Row 22 has the same cells in all other columns."],
    [160, "count", "duplicate", "Row 32 has the same cells in all other columns."],
    [170, "day", "duplicate", "Row 42 has the same cells in all other columns."],
    [180, "id", "duplicate", "The row repeats row 52."],
  ])
})

test("rows that differ in one and the same column, or share nothing that identifies, are no duplicates", async () => {
  const id = (row: number) => `K-${1000 + (row < 170 ? row : row - 100)}`
  const of = (row: number) => (row < 170 ? row : row - 100)
  const phone = (row: number) => `555-${10_000 + 13 * row}`
  const twoPhones = { id, town: (row: number) => town(of(row)), count: (row: number) => count(of(row)), phone }
  expect(await shown(table(200, twoPhones))).toEqual([])
  const year = (row: number) => String(2000 + (row % 20))
  const sex = (row: number) => (row % 2 === 0 ? "m" : "f")
  const group = (row: number) => `group ${Math.floor(row / 20)}`
  expect(await shown(table(200, { group, year, sex, town: (row) => town(row % 3) }))).toEqual([])
  // The rows of a clinic differ in a number, which is the same by chance in two of them.
  const numbers = [
    120, 118, 121, 125, 117, 80, 81, 84, 82, 79, 45, 44, 47, 46, 45, 60, 61, 59, 62, 60, 33, 35, 34, 36, 33, 150, 149, 152, 151, 148,
  ]
  const clinicOf = (name: string) => (row: number) => `${name} ${"abcdef".charAt(Math.floor(row / 5))}`
  expect(
    await shown(
      table(30, { clinic: clinicOf("clinic"), street: clinicOf("street"), city: clinicOf("city"), beds: (row) => String(numbers[row]) }),
    ),
  ).toEqual([])
})

test("a typo in a text that occurs once is found if many texts have the right word", async () => {
  const names = ["Aber", "Bell", "Corin", "Dale", "Eden", "Fern", "Gale", "Hart", "Iver", "Juno"]
  const airport = (row: number) =>
    `${names[row % 10]}${names[Math.floor(row / 10) % 10]?.toLowerCase()} ${row % 3 === 0 ? "County" : "Municipal"} Airport`
  const replaced = [
    [7, "airport", "Dunford Muncipal Airport"],
    [44, "airport", "Elmsworth Couty Airport"],
    [70, "airport", "Oakham Airports"],
    [90, "airport", "Oakham Counts Airport"],
  ] as const
  const found = await suspects(table(100, { airport, count }, replaced))
  expect(found.map(({ row, column, reasons }) => [row - 2, column, reasons[0]?.reason, reasons[0]?.message])).toEqual([
    [7, "airport", "typo", 'The word "muncipal" is nearly "municipal", which 63 values have.'],
    [44, "airport", "typo", 'The word "couty" is nearly "county", which 33 values have.'],
  ])
})
