import { describe, expect, test } from "vitest"
import { hasCases } from "./case-file.ts"
import { codesOf, type Ingested, ingested } from "./ingested.ts"

/** The lines of the rejects. */
const linesOf = ({ rejects }: Ingested) => rejects.map(({ origin }) => origin.line)
/** Names of the columns in the order of the file. */
const header = ({ kinds }: Ingested) => Object.keys(kinds)

describe.runIf(hasCases)("delimited text", () => {
  test.each([
    ["csv/one_column_urls.csv", "url", 4],
    ["csv/one_column_phone.csv", "phone", 4],
    ["csv/one_column_colors_all_lost.csv", "color", 3],
    ["reports/11-onecol-streets/streets.csv", "street", 3],
    ["reports/11-onecol-streets/phones.csv", "phone", 2],
    ["reports/13-onecol-semicolons/notes.csv", "notes", 2],
  ])("%s is one column below its name", async (name, column, rows) => {
    const run = await ingested(name)
    expect([header(run), run.kinds[column], run.rows.length, run.rejects.length]).toEqual([[column], "text", rows, 0])
  })

  test.each([
    ["csv/header_two_more.csv", ["worker", "answer", "seconds", "approve", "reject"], 5],
    ["csv/header_one_delimiter_too_many_last_column_blank.csv", ["date", "qty", "price", "note"], 4],
    ["csv/header_year_over_text.csv", ["state", "2020"], 4],
    ["csv/538_header_year_name.csv", ["state", "2020"], 50],
    ["reports/01-header-swallows-text-row/museums.csv", ["Museo", "Ingressi", "Incassi"], 3],
    ["reports/03-header-missed-mixed/mixed.csv", ["id", "v"], 5],
    ["reports/03-header-missed-mixed/ok.csv", ["id", "is_nc", "name", "empty"], 3],
    ["use/a_two_long_rows.csv", ["id", "name", "city", "amount"], 3],
    ["use/b_unquoted_addresses.csv", ["id", "name", "address"], 3],
  ])("the first row of %s is its header", async (name, names, rows) => {
    const run = await ingested(name)
    expect(header(run).toSorted()).toEqual(names.toSorted())
    expect(run.read).toBe(rows)
  })

  test("the first column of a table that R wrote has no name", async () => {
    const run = await ingested("csv/r_write_table_text_rownames.csv")
    expect(header(run)).toEqual(["column_1", "a", "b", "c"])
    expect(run.rows[0]).toEqual({ column_1: "r1", a: 1, b: 2, c: 3 })
  })

  test.each([
    ["csv/stacked_first_table_dropped_as_preamble.csv", ["RUN", "a1", "a2", "a3", "a4"], 10],
    ["csv/stacked_repeated_header_not_found.csv", ["Minister", "Date", "Name of organisation", "Purpose"], 6],
    ["csv/stacked_second_table_under_first_header.csv", ["id", "name", "city"], 60],
    ["use/c_second_table_wider.csv", ["id", "amount"], 2],
  ])("the second table of %s is reported, and not read under the names of the first", async (name, names, rows) => {
    const run = await ingested(name)
    expect(header(run)).toEqual(names)
    expect(run.rows.length).toBe(rows)
    expect(codesOf(run)).toContain("table.second")
  })

  test("a repeated header in other quotes is a notice", async () => {
    const run = await ingested("csv/repeated_header_other_quoting.csv")
    expect([run.rows.length, run.kinds["date"], run.kinds["qty"]]).toEqual([run.read - run.rejects.length, "date", "integer"])
    expect(codesOf(run)).toContain("header.repeated")
  })

  test.each([[[]], [["--no-header"]]])("a ragged first record is a reject with the flags %j", async (flags) => {
    const run = await ingested("csv/first_record_ragged_no_header_lost.csv", ...flags)
    expect([run.rows.length, linesOf(run)]).toEqual([4, [1]])
  })

  test("a delimiter that is missing beside doubled quotes makes a reject", async () => {
    const run = await ingested("csv/missing_delimiter_doubled_quote.csv")
    expect(linesOf(run)).toEqual([5])
    expect(run.rows).toHaveLength(4)
  })

  test("a backslash escapes only within quotes", async () => {
    const run = await ingested("csv/backslash_outside_quotes.csv")
    expect(run.rows.map((row) => row["path"])).toEqual(["C:\\temp\\new", "D:\\data\\", "\\\\server\\share", "E:\\", "F:"])
    expect(run.rows[0]).toMatchObject({ name: 'say "hi"' })
  })

  test("quotes and apostrophes that quote nothing are text", async () => {
    const crooked = await ingested("csv/apostrophe_as_quote.csv")
    expect([crooked.read, crooked.rows.length]).toEqual([5, 5])
    expect(crooked.rows.map((row) => Object.values(row)[1])).toEqual([
      "\"_'—And_He_Built_a_Crooked_House—'_\"",
      '"_Hg',
      '"_WC',
      '"_of_Hg',
      "'Ajjur",
    ])
    const lines = await ingested("csv/duckdb_thijs_literal_quotes.csv")
    expect([lines.read, Object.keys(lines.kinds).length]).toEqual([4, 3])
    expect(lines.rows.length + lines.rejects.length).toBe(4)
  })

  test.each([
    ["csv/encoding_1252_read_as_mac.csv", "“Celebrate the Family”"],
    ["reports/60-enc-hungarian/hu1250b.csv", "Gergő"],
    ["reports/61-enc-czech-latin2/cz88592.csv", "Šárka"],
    ["reports/66-enc-after-sample/late.csv", "Zürich"],
  ])("%s has the letters of its language", async (name, word) => {
    const run = await ingested(name)
    expect(JSON.stringify(run.rows)).toContain(word)
    expect([run.rejects, JSON.stringify(run.rows).includes("\u{fffd}")]).toEqual([[], false])
  })

  test.each([
    ["csv/float_16_digits_text.csv", "score", "decimal"],
    ["csv/exponent_text.csv", "pay", "decimal"],
    ["csv/dates_text.csv", "day", "date"],
    ["csv/dates_text.csv", "show", "date"],
    ["use/04_feb30.csv", "due", "date"],
    ["use/83_german_thousand_amb.csv", "menge", "text"],
  ])("in %s, %s is %s", async (name, column, kind) => {
    expect((await ingested(name)).kinds[column]).toBe(kind)
  })

  test("30 February is a reject, and the other due dates are dates", async () => {
    const run = await ingested("use/04_feb30.csv")
    expect(linesOf(run)).toEqual([4])
    expect(run.rows).toHaveLength(run.read - 1)
  })

  test("numbers whose points may be groups are text, and the report says so", async () => {
    const run = await ingested("use/83_german_thousand_amb.csv")
    expect(run.rows.map(({ menge }) => menge)).toEqual(["1.234", "2.500", "12.000"])
    expect(run.notices).toContainEqual(expect.objectContaining({ code: "column.kind", column: "menge" }))
  })

  test("months by name are dates", async () => {
    const run = await ingested("use/37_months.csv")
    expect(run.kinds).toEqual({ id: "integer", a: "date", b: "date", c: "date", d: "date" })
    expect(new Set(Object.values(run.rows[0] ?? {}).slice(1))).toEqual(new Set(["1998-06-12T00:00:00.000Z"]))
  })

  test("a German export keeps its codes, and has decimals, percentages, dates and nulls", async () => {
    const run = await ingested("use/01_eu_cp1252.csv")
    expect(run.kinds).toEqual({
      Kundennr: "text",
      Name: "text",
      Straße: "text",
      PLZ: "text",
      Ort: "text",
      Umsatz: "decimal",
      Rabatt: "decimal",
      Datum: "date",
    })
    expect(run.rows[0]).toMatchObject({ Kundennr: "00017", Name: "Müller & Söhne", PLZ: "01067", Umsatz: "1234.50", Rabatt: "0.05" })
    expect(run.rows[4]).toMatchObject({ Rabatt: null, Datum: null })
    expect(run.issues).toEqual({ "cell.null": 2 })
  })

  test("the title, the blank row and the total of a sales report are named", async () => {
    const run = await ingested("use/02_us_sales.csv")
    expect(run.kinds).toMatchObject({ Units: "integer", Revenue: "decimal", Growth: "decimal", "Close date": "date" })
    expect(codesOf(run)).toContain("csv.preamble")
    expect(run.issues).toMatchObject({ "table.total": 1 })
    expect(run.rows[3]).toMatchObject({ Revenue: "-450.00", Units: 45, Growth: null })
  })

  test("the second table below a title of its own is no row of the first", async () => {
    const run = await ingested("use/36_two_tables.csv")
    expect(run.rows.filter(({ id }) => id !== null)).toEqual([
      expect.objectContaining({ id: 1, amount: 5 }),
      expect.objectContaining({ id: 2, amount: 6 }),
    ])
    expect(codesOf(run)).toEqual(expect.arrayContaining(["csv.preamble", "table.second"]))
  })

  test("text in stray quotes is text with a warning, and a delimiter and a blank at the end are passed over", async () => {
    const tail = await ingested("reports/82-quote-tail/q.csv")
    expect(tail.rows).toHaveLength(2)
    expect(Object.keys(tail.issues)).toContain("csv.stray_quote")
    const best = await ingested("reports/82-quote-tail/q2.csv")
    expect(best.rows.map(({ txt }) => txt)).toEqual(['"Best" product', 'so "good"'])
    const trailing = await ingested("reports/85-trailing-delimiter-blank/pd9295.csv")
    expect(trailing.rows[0]).toEqual({ DecisionM: 0, IntelligentM: 5, freq: 9, total: 20 })
    expect([trailing.rows.length, trailing.rejects.length]).toEqual([4, 0])
    expect(Object.keys(trailing.issues)).toContain("csv.trailing_delimiter")
  })
})
