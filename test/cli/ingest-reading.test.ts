import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { runCli } from "../../src/cli.ts"
import { sheetRows } from "../parsers/xlsx/sheet-rows.ts"
import { workbookBytes } from "../parsers/xlsx/workbook-bytes.ts"

let cwd: string
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "rowgate-reading-"))
  const rows = [{ id: 1, note: "" }, { id: 2 }]
  await writeFile(join(cwd, "page.json"), JSON.stringify({ page: 1, orders: rows }))
  await writeFile(join(cwd, "pages.json"), JSON.stringify({ orders: rows, links: [{ rel: "next" }] }))
  await writeFile(join(cwd, "amounts.csv"), "id;amount;note\n1;1.234,50;5\n2;2,50;N/A\n3;3,75;7\n")
  await writeFile(join(cwd, "plain.csv"), "id,note\n1,a\n2,b\n")
  await writeFile(join(cwd, "notes.csv"), 'id,note\n1,""\n2,\n')
  await writeFile(join(cwd, "dashes.csv"), "exported today\nid|note\n1|-99\n2|x;y\n")
  await writeFile(join(cwd, "open.csv"), "day;pieces\n03/04/2024;1.234\n05/06/2024;2.500\n")
  await writeFile(join(cwd, "totals.csv"), "item,shelf,pieces\na,x,1\nb,y,2\nc,z,3\nTotal,,6\n")
  await writeFile(join(cwd, "two.csv"), "id,name\n1,a\n2,b\n\ncode,town,zip\nx,Bonn,53111\ny,Ulm,89073\n")
  await writeFile(join(cwd, "dos.csv"), Buffer.from("id,note\n1,Z\x81rich\n", "latin1"))
  await writeFile(join(cwd, "jan.csv"), "id,amount\n1,2\n2,3\n")
  await writeFile(join(cwd, "feb.csv"), "id,Amounts,amount\n3,x,4\n")
  await writeFile(join(cwd, "frozen.config.mjs"), 'export default { unexpected: "freeze" }')
  await writeFile(join(cwd, "both.config.mjs"), 'export default { unexpected: "freeze", pipeline: (files) => files }')
  const zod = import.meta.resolve("zod")
  await writeFile(
    join(cwd, "sale.mjs"),
    `import { z } from "${zod}"; export default z.object({ id: z.number(), amount: z.number().optional() })`,
  )
  await writeFile(join(cwd, "rowgate.config.mjs"), "export default { pipeline: (files) => files }")
})
afterAll(() => rm(cwd, { recursive: true }))

async function ingest(...argv: string[]) {
  const [out, err]: [string[], string[]] = [[], []]
  await rm(join(cwd, "out.ndjson"), { force: true })
  const streams = { stdout: { write: (text: string) => out.push(text) }, stderr: { write: (text: string) => err.push(text) } }
  const code = await runCli(["ingest", "--to", "out.ndjson", ...argv], { ...streams, env: {}, cwd })
  const rows =
    code === 0
      ? (await readFile(join(cwd, "out.ndjson"), "utf8"))
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line))
      : []
  return { code, out: out.join(""), err: err.join(""), rows }
}

test("an answer of an API is loaded, and the summary says where its rows are and what was left out", async () => {
  const { code, out, rows } = await ingest("page.json", "--no-config")
  expect([code, rows]).toEqual([
    0,
    [
      { id: 1, note: null },
      { id: 2, note: null },
    ],
  ])
  expect(out).toContain(`note: The rows are the array of objects at "/orders". The document's other values are not read: /page.\n`)
})

test("the summary says which cells merged areas leave blank, and --merged fill fills them", async () => {
  const rows = sheetRows([
    ["city", "day", "pieces"],
    ["Bonn", "Mon", 1],
    [null, "Tue", 2],
    ["Ulm", "Mon", 3],
  ])
  const after = '<mergeCells><mergeCell ref="A2:A3"/></mergeCells>'
  await writeFile(join(cwd, "cities.xlsx"), workbookBytes({ sheets: [{ rows, after }] }))
  const note = "note: The merged area A2:A3 leaves 1 cell blank. To give each cell the value of its area, add --merged fill. (row 2)"
  const plain = await ingest("cities.xlsx", "--no-config")
  expect(plain.out).toContain(note)
  expect(plain.rows.map(({ city }) => city)).toEqual(["Bonn", null, "Ulm"])
  const filled = await ingest("cities.xlsx", "--no-config", "--merged", "fill")
  expect(filled.out).not.toContain("merged")
  expect(filled.rows.map(({ city }) => city)).toEqual(["Bonn", "Bonn", "Ulm"])
})

test("--explain shows what normalizing changed in each column", async () => {
  const { code, out } = await ingest("amounts.csv", "--no-config", "--explain")
  expect(code).toBe(0)
  expect(out).toContain(`  what normalizing changed in 3 rows
    column  cells  for example
    amount      3  line 2: "1.234,50" -> "1234.50"
    note        1  line 3: "N/A" -> null
`)
  expect((await ingest("amounts.csv", "--no-config")).out).not.toContain("what normalizing changed")
  expect((await ingest("plain.csv", "--no-config", "--explain")).out).toContain("  normalizing changed no cell\n")
  const report = JSON.parse((await ingest("amounts.csv", "--no-config", "--explain", "--json")).out)
  expect(report.deliveries[0].normalized.columns.amount).toMatchObject({ cells: 3, examples: [{ line: 2 }, { line: 3 }, { line: 4 }] })
})

test("--path chooses one of several arrays", async () => {
  const { code, err } = await ingest("pages.json", "--no-config")
  expect([code, err]).toEqual([1, expect.stringContaining('do: Name the array of rows with --path, such as "/orders".')])
  expect((await ingest("pages.json", "--no-config", "--path", "/links")).rows).toEqual([{ rel: "next" }])
})

test.each(["page.json", "notes.csv"])("--blanks text keeps the empty text of %s", async (file) => {
  const { code, rows } = await ingest(file, "--no-config", "--blanks", "text")
  expect([code, rows]).toEqual([
    0,
    [
      { id: 1, note: "" },
      { id: 2, note: null },
    ],
  ])
})

test.each([
  [["--path", "/orders"], "--path"],
  [["--blanks", "text"], "--blanks"],
  [["--unexpected", "freeze"], "--unexpected"],
  [["--delimiter", ";"], "--delimiter"],
  [["--null", "x"], "--null"],
  [["--locale", "de"], "--locale"],
])("%j is refused beside the pipeline of a configuration", async (options, named) => {
  const { code, err } = await ingest("page.json", ...options)
  expect([code, err]).toEqual([2, expect.stringContaining(named)])
})

describe("--unexpected says what happens to a column that the first file does not have", () => {
  const load = (...argv: string[]) => ingest("jan.csv", "feb.csv", "--table", "sales", "--no-config", ...argv)

  test("freeze refuses the file, and names the nearest column of the contract", async () => {
    const { code, err } = await load("--unexpected", "freeze")
    expect([code, err]).toEqual([1, expect.stringContaining('"Amounts" (nearest declared column: "amount", 86 % alike)')])
    expect(err).toContain(
      "do: Name them in the contract, or set another policy: unexpected in the pipeline of the configuration, otherwise --unexpected.",
    )
  })

  test("discardColumn leaves it out, and the summary says how many values it had", async () => {
    const { code, out, rows } = await load("--unexpected", "discardColumn")
    expect([code, rows]).toEqual([
      0,
      [
        { id: 1, amount: 2 },
        { id: 2, amount: 3 },
        { id: 3, amount: 4 },
      ],
    ])
    expect(out).toContain('The column "Amounts" is not declared and was left out. One of its cells has a value.')
  })

  test("evolve loads it, and rejectRow rejects the rows that have a value in it", async () => {
    expect((await load("--unexpected", "evolve")).rows.at(-1)).toEqual({ id: 3, amount: 4, Amounts: "x" })
    const { code, out } = await load("--unexpected", "rejectRow")
    expect([code, out]).toEqual([
      3,
      expect.stringContaining('line 2: Amounts: The row has a value in the column "Amounts", which is not declared.'),
    ])
  })

  test("the key of the configuration does the same, beside a schema too, and not beside a pipeline", async () => {
    expect((await ingest("jan.csv", "feb.csv", "--table", "sales", "--config", "frozen.config.mjs")).err).toContain("COLUMN_UNEXPECTED")
    expect((await ingest("feb.csv", "--config", "frozen.config.mjs", "--schema", "sale.mjs")).err).toContain("COLUMN_UNEXPECTED")
    expect((await ingest("jan.csv", "--config", "frozen.config.mjs", "--schema", "sale.mjs")).rows).toHaveLength(2)
    expect(await ingest("jan.csv", "--config", "both.config.mjs")).toMatchObject({
      code: 2,
      err: expect.stringContaining("normalize({ unexpected })"),
    })
  })
})

test("--blanks takes only null and text", async () => {
  const { code, err } = await ingest("notes.csv", "--no-config", "--blanks", "empty")
  expect([code, err]).toEqual([2, expect.stringContaining("not one of null, text")])
})

test("--skip, --delimiter and --quote say where the fields are", async () => {
  const { rows } = await ingest("dashes.csv", "--no-config", "--skip", "1", "--delimiter", "|", "--quote", "none", "--null", "x;y")
  expect(rows).toEqual([
    { id: 1, note: -99 },
    { id: 2, note: null },
  ])
})

test("--null takes texts that begin with a dash, and is there more than once; the other cells decide the kind", async () => {
  const { rows } = await ingest("dashes.csv", "--no-config", "--skip", "1", "--delimiter", "|", "--null", "-99", "--null", "x;y")
  expect(rows).toEqual([
    { id: 1, note: null },
    { id: 2, note: null },
  ])
})

test("--delimiter none reads one column, and --delimiter tab is a tab", async () => {
  const [one] = (await ingest("open.csv", "--no-config", "--delimiter", "none")).rows
  expect(one).toEqual({ "day;pieces": "03/04/2024;1.234" })
  expect((await ingest("open.csv", "--no-config", "--delimiter", "tab")).rows[0]).toEqual(one)
})

test("--encoding names a code page that no text can prove", async () => {
  expect((await ingest("dos.csv", "--no-config", "--encoding", "cp850")).rows).toEqual([{ id: 1, note: "Zürich" }])
})

test("--footer drop leaves totals out and counts them as filtered", async () => {
  const { out, rows } = await ingest("totals.csv", "--no-config", "--footer", "drop")
  expect(rows).toHaveLength(3)
  expect(out).toContain("4 rows read, 3 loaded, 1 filtered")
})

test.each([
  ["de", { day: "2024-04-03T00:00:00.000Z", pieces: 1234 }],
  ["en-US", { day: "2024-03-04T00:00:00.000Z", pieces: "1.234" }],
  ["hu", { day: "03/04/2024", pieces: 1234 }],
])("--locale %s decides what no cell proves", async (locale, first) => {
  const { rows } = await ingest("open.csv", "--no-config", "--locale", locale)
  expect(rows[0]).toEqual(first)
})

test("without --locale such columns stay text", async () => {
  expect((await ingest("open.csv", "--no-config")).rows[0]).toEqual({ day: "03/04/2024", pieces: "1.234" })
})

test.each([
  [["--quote", "ab"], '--quote is "ab"'],
  [["--encoding", "latin"], 'The encoding "latin" is unknown.'],
  [["--skip", "-1"], '--skip is "-1"'],
  [["--delimiter", "\n"], "--delimiter contains a line end"],
  [["--locale", "d_e"], '"d_e" is not a locale'],
  [["--locale", "xx-bogus"], '"xx-bogus" is not a locale.'],
  [["--locale", "de_AT"], '"de_AT" is not a locale; did you mean "de-AT"?'],
  [["--locale", "germany"], '"germany" is not a locale; did you mean "de"?'],
  [["--locale", "Francais"], '"Francais" is not a locale; did you mean "fr"?'],
])("%j is refused before anything is loaded", async (options, message) => {
  const { code, err } = await ingest("open.csv", "--no-config", ...options)
  expect([code, err]).toEqual([2, expect.stringContaining(message)])
})

test("the note about a second table names the option that reads it", async () => {
  const [out]: [string[]] = [[]]
  const streams = { stdout: { write: (text: string) => out.push(text) }, stderr: { write: () => true } }
  expect((await ingest("two.csv", "--no-config")).out).toContain("add --all to read it")
  await runCli(["read", "two.csv", "--all", "--no-config"], { ...streams, env: {}, cwd })
  expect(out.join("")).toContain('"cells":{"code":"y","town":"Ulm","zip":"89073"}')
})

test.each([
  [["plain.csv", "--sheet", "2"], "TABLE_NOT_FOUND: --sheet needs a workbook, but the format of the file is csv."],
  [["plain.csv", "--path", "/data"], "TABLE_NOT_FOUND: --path needs a JSON document, but the format of the file is csv."],
  [["page.json", "--sheet", "Orders"], "TABLE_NOT_FOUND: --sheet needs a workbook, but the format of the file is json."],
  [
    ["plain.csv", "--encoding", "utf-16"],
    "ENCODING_INVALID: The text is declared to be in utf-16le, but it begins with 16 bytes of ASCII.",
  ],
])("a flag for files of another kind is refused: %j", async (argv, message) => {
  const { code, err } = await ingest(...argv, "--no-config")
  expect([code, err]).toEqual([1, expect.stringContaining(message)])
})
