import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { runCli } from "../../src/cli.ts"
import { ledgerDatabase } from "../ledger-database.ts"
import { TextStream } from "./text-stream.ts"

const { url, pool, clear } = await ledgerDatabase()
let cwd: string
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "rowgate-texts-"))
})
afterAll(() => rm(cwd, { recursive: true }))
beforeEach(async () => {
  await clear()
  await pool.query("DROP TABLE IF EXISTS notes")
})

async function ingest(name: string, text: string, ...flags: readonly string[]) {
  await writeFile(join(cwd, name), text)
  const [stdout, stderr] = [new TextStream(), new TextStream()]
  const code = await runCli(["ingest", name, "--table", "notes", "--to", url, "--create-table", ...flags], { stdout, stderr, env: {}, cwd })
  return { code, out: stdout.text, err: stderr.text }
}

const values = async (id: number) =>
  (await pool.query({ text: "SELECT note, more FROM notes WHERE id >= $1 ORDER BY id", values: [id], rowMode: "array" })).rows

describe("a later file without a contract", () => {
  const written = [
    ["50%", "7.5%"],
    ["$5.00", "(5.00)"],
    ["Yes", "No"],
    ["31.01.2025", "01.02.2025"],
    ["1e5", "2e5"],
    ["1,234.50", "2,345.50"],
    [".5", ".75"],
    ["2025-01-31T14:00:00+05:00", "2025-02-01T14:00:00+05:00"],
    ["true", "FALSE"],
    ["12", "n/a"],
  ]

  test.each(written)("keeps %s and %s as they are in columns of texts, whatever the table's types", async (one, other) => {
    await pool.query("CREATE TABLE notes (id int, note text, more varchar(40))")
    const text = `id;Note;more\n1;${one};${other}\n2;${other};${one}\n3;${one};${one}\n`
    expect(await ingest("later.csv", text)).toMatchObject({ code: 0, err: "" })
    expect(await values(0)).toEqual([
      [one, other],
      [other, one],
      [one, one],
    ])
  })

  test("keeps its texts in a table that an earlier file has created", async () => {
    await ingest("first.csv", "id,note,more\n1,abc,x\n2,def,y\n")
    await ingest("second.ndjson", '{"id":3,"note":"5.00 €","more":1.5}\n{"id":4,"note":"6.00 €","more":null}\n')
    expect(await values(3)).toEqual([
      ["5.00 €", "1.5"],
      ["6.00 €", null],
    ])
  })

  test("is still read as numbers where the table has numbers", async () => {
    await pool.query("CREATE TABLE notes (id int, note numeric, more text)")
    await ingest("numbers.csv", 'id,note,more\n1,"1,234.50","1,234.50"\n2,"2,345.50","2,345.50"\n')
    expect(await values(0)).toEqual([
      ["1234.50", "1,234.50"],
      ["2345.50", "2,345.50"],
    ])
  })

  test("is shown with the kind of each column as it is stored", async () => {
    await pool.query("CREATE TABLE notes (id int, note text, more text)")
    const { out } = await ingest("kinds.csv", "id,note,more\n1,31.01.2025,12\n2,28.02.2025,13\n", "--json")
    const [{ columns }] = JSON.parse(out).deliveries
    expect(columns.map(({ kind }: { kind: string }) => kind)).toEqual(["integer", "text", "text"])
  })
})
