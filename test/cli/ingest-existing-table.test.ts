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
  cwd = await mkdtemp(join(tmpdir(), "rowgate-existing-"))
})
afterAll(() => rm(cwd, { recursive: true }))
beforeEach(async () => {
  await clear()
  await pool.query("DROP TABLE IF EXISTS shop")
  await pool.query(`CREATE TABLE shop (id int, name text, amount numeric, serial int GENERATED ALWAYS AS IDENTITY,
    loaded_at timestamptz DEFAULT now(), _file text)`)
})

/** Loads a file into the table without a contract. */
async function ingest(name: string, text: string, ...flags: readonly string[]) {
  await writeFile(join(cwd, name), text)
  const [stdout, stderr] = [new TextStream(), new TextStream()]
  const argv = ["ingest", name, "--table", "shop", "--to", url, ...flags]
  const code = await runCli(argv, { stdout, stderr, env: {}, cwd })
  return { code, out: stdout.text, err: stderr.text }
}

async function report(name: string, text: string, ...flags: readonly string[]) {
  const { code, out, err } = await ingest(name, text, "--json", ...flags)
  if (!out.startsWith("{")) throw new Error(err)
  const [{ notices, issues, loaded, rejected }] = JSON.parse(out).deliveries
  const codes: string[] = notices.map((notice: { code: string }) => notice.code)
  return { code, codes, notices, issues, loaded, rejected }
}

const rows = async (columns: string) => (await pool.query({ text: `SELECT ${columns} FROM shop ORDER BY id`, rowMode: "array" })).rows

/** The same rows in three formats. */
const renamed: readonly [name: string, text: string][] = [
  ["renamed.csv", "id,Name,Total amount\n1,Ann,1.50\n2,Bob,\n"],
  ["renamed.tsv", "id\tName\tTotal amount\n1\tAnn\t1.50\n2\tBob\t\n"],
  ["renamed.ndjson", '{"id":1,"Name":"Ann","Total amount":1.5}\n{"id":2,"Name":"Bob","Total amount":null}\n'],
]

describe("a file that lacks a column of the table", () => {
  test("is loaded, and the summary names the columns that stay null", async () => {
    const { out } = await ingest("short.csv", "id;Name\n1;Ann\n")
    expect(out).toContain("note: The file has no column for amount of public.shop: it stays null in new rows.\n")
  })

  test("has no notice about columns that the database fills, or about none", async () => {
    expect((await report("whole.csv", "id,Name,Amount\n1,Ann,2.50\n")).codes).toEqual([])
    await pool.query("DROP TABLE shop")
    expect((await report("new.csv", "id,Name\n1,Ann\n", "--create-table")).codes).toEqual([])
  })

  test("has no notice if a contract leaves the columns out", async () => {
    const zod = JSON.stringify(import.meta.resolve("zod"))
    await writeFile(
      join(cwd, "schema.mjs"),
      `import { z } from ${zod}\nexport default z.object({ id: z.number().int(), name: z.string() })`,
    )
    expect((await report("contract.csv", "id,Name\n1,Ann\n", "--schema", "schema.mjs")).codes).toEqual([])
  })

  test.each(renamed)("and has another one is refused, and the error names both: %s", async (name, text) => {
    const { code, err } = await ingest(name, text)
    expect(code).toBe(1)
    expect(err).toContain("has no column total_amount.")
    expect(err).toContain('The rows have nothing for amount. Perhaps "total_amount" is amount under another name.')
    expect(err).toContain("--evolve")
  })
})

describe("--evolve", () => {
  test.each(renamed)("says which columns the table got, and which stay null: %s", async (name, text) => {
    const { notices } = await report(name, text, "--evolve")
    expect(notices).toEqual([
      {
        code: "target.unfilled",
        message:
          'The file has no column for amount of public.shop: it stays null in new rows. Perhaps "total_amount" is amount under another name.',
      },
      {
        code: "target.evolved",
        message: expect.stringMatching(/^public\.shop got the column total_amount numeric, and has wider types: id bigint\.$/),
      },
    ])
  })

  test("says which types became wider", async () => {
    const { out } = await ingest("wide.csv", "id,Name,Amount\n3000000000,Ann,2.50\n", "--evolve")
    expect(out).toContain("note: public.shop has wider types: id bigint.\n")
  })

  test("says nothing of changes that were rolled back, or only planned", async () => {
    const planned = await report("plan.csv", "id,Name,Amount,Note\n1,Ann,2.50,a\n", "--evolve", "--plan")
    expect(planned.codes).toEqual([])
    await pool.query("ALTER TABLE shop ADD CHECK (id > 5)")
    const refused = await report("refused.csv", "id,Name,Amount,Note\n1,Ann,2.50,a\n", "--evolve")
    expect([refused.code, refused.codes]).toEqual([3, []])
  })
})

describe("--unexpected without a contract acts on columns that the table lacks", () => {
  test.each(renamed)("discardColumn leaves them out and says so: %s", async (name, text) => {
    const { codes, notices } = await report(name, text, "--unexpected", "discardColumn")
    expect(codes).toEqual(["column.discarded", "target.unfilled"])
    expect(notices[0].message).toBe('public.shop has no column for "Total amount", so it was left out. One of its cells has a value.')
    expect(await rows("id, name, amount")).toEqual([
      [1, "Ann", null],
      [2, "Bob", null],
    ])
  })

  test.each(renamed)("rejectRow sets aside the rows with values in them: %s", async (name, text) => {
    const { issues, loaded, rejected } = await report(name, text, "--unexpected", "rejectRow")
    expect([issues, loaded, rejected]).toEqual([{ "column.unexpected": 1 }, 1, 1])
    expect(await rows("id")).toEqual([[2]])
    const { rows: rejects } = await pool.query("SELECT raw->>'Name' AS name, issues->0->>'message' AS message FROM rowgate.reject")
    expect(rejects).toEqual([
      { name: "Ann", message: 'The row has a value in the column "Total amount", which public.shop does not have.' },
    ])
  })

  test.each(renamed)("evolve adds them, and widens nothing: %s", async (name, text) => {
    expect((await report(name, text, "--unexpected", "evolve")).codes).toContain("target.evolved")
    expect(await rows("id, total_amount::float8 AS total")).toEqual([
      [1, 1.5],
      [2, null],
    ])
    const { issues } = await report("wider.csv", "id,Name,Amount\n3000000000,Ann,2.50\n4,Bob,1.5\n", "--unexpected", "evolve")
    expect(issues).toEqual({ "postgres.out_of_range": 1 })
  })

  test.each(renamed)("freeze refuses them, even with --evolve: %s", async (name, text) => {
    for (const flags of [[], ["--evolve"]]) {
      const { code, err } = await ingest(name, text, "--unexpected", "freeze", ...flags)
      expect([code, err]).toEqual([1, expect.stringContaining("SINK_SCHEMA_MISMATCH")])
    }
  })

  test("rejectRow keeps delete-missing from removing the rows that it sets aside", async () => {
    await pool.query("CREATE UNIQUE INDEX ON shop (id); INSERT INTO shop (id, name) VALUES (1, 'old'), (2, 'old'), (3, 'old')")
    const [[name, text]] = renamed as [[string, string]]
    await report(name, text, "--unexpected", "rejectRow", "--mode", "delete-missing", "--key", "id")
    expect(await rows("id, name")).toEqual([
      [1, "old"],
      [2, "Bob"],
    ])
  })
})

describe("a text of a column that nothing decides", () => {
  test.each([
    ["points", "id;Name;Amount\n1;a;1.234\n2;b;2.345\n3;c;7\n"],
    ["points beside words", "id;Name;Amount\n1;a;1.234\n2;b;open\n3;c;7\n4;d;none yet\n5;e;tbd\n"],
    ["points below a minus", "id\tName\tAmount\n1\ta\t-1.234\n2\tb\t-22.345\n3\tc\t7\n"],
  ])("is set aside if it may be two numbers: %s", async (_what, text) => {
    const { issues } = await report("doubt.csv", text)
    expect(issues["postgres.doubt"]).toBeGreaterThan(0)
    expect(await rows("id, amount")).toEqual([[3, "7"]])
  })

  test("is loaded as the locale says", async () => {
    await ingest("german.csv", "id;Name;Amount\n1;a;1.234\n2;b;2.345\n3;c;7\n", "--locale", "de")
    expect(await rows("amount")).toEqual([["1234"], ["2345"], ["7"]])
  })

  test("is loaded if it can be one number only, and its warnings are counted once", async () => {
    const { issues, rejected } = await report("doubts.csv", "id;Name;Amount\n1;a;1.234\n2;b;2.345\n3;c;7\n")
    expect([issues, rejected]).toEqual([{ "cell.doubt": 3, "postgres.doubt": 2 }, 2])
  })

  test("goes into a column of text as it is", async () => {
    await pool.query("ALTER TABLE shop ALTER amount TYPE text")
    await report("text.csv", "id;Name;Amount\n1;a;1.234\n2;b;2.345\n3;c;7\n")
    expect(await rows("amount")).toEqual([["1.234"], ["2.345"], ["7"]])
  })
})

describe("more columns than a table of PostgreSQL holds", () => {
  const wide = (columns: number) => {
    const names = Array.from({ length: columns }, (_, at) => `c${at}`)
    return `${names.join(",")}\n${names.map(() => "1").join(",")}\n`
  }

  test.each([
    ["in a new table", 1601, "--create-table"],
    ["in one that evolves", 1597, "--evolve"],
  ])("are refused with the limit and what to do: %s", async (_what, columns, flag) => {
    if (flag === "--create-table") await pool.query("DROP TABLE shop")
    const { code, err } = await ingest("wide.csv", wide(columns), flag)
    expect(code).toBe(1)
    expect(err).toMatch(/public\.shop would have 1,60[13] columns, but PostgreSQL holds at most 1,600 in a table\./)
    expect(err).toContain("(--schema)")
  })
})

describe("a file that was loaded with rejects", () => {
  const text = "id;Name;Amount\n1;Ann;1,5\n3000000000;Bob;2,5\n"

  test("says how to load them when it comes again, and a replay with --evolve loads them as they are", async () => {
    expect(await report("big.csv", text)).toMatchObject({ loaded: 1, rejected: 1, codes: [] })
    const again = await ingest("big.csv", text, "--evolve")
    expect(again.out).toContain("note: 1 row of this file was rejected and is not in the table.")
    const [, id = ""] = /rowgate rejects (\S+) --open --csv FILE/.exec(again.out) ?? []
    const [stdout, stderr] = [new TextStream(), new TextStream()]
    const run = (...argv: string[]) => runCli([...argv, "--to", url], { stdout, stderr, env: {}, cwd })
    expect([await run("rejects", id, "--open", "--csv", "open.csv"), stderr.text]).toEqual([0, ""])
    expect([await run("replay", id, "open.csv", "--evolve"), stderr.text]).toEqual([0, ""])
    expect(stdout.text).toContain("1 reject: ")
    expect(stdout.text).toContain("1 row read, 1 loaded")
    expect(await rows("id, name, amount")).toEqual([
      ["1", "Ann", "1.5"],
      ["3000000000", "Bob", "2.5"],
    ])
    expect((await report("big.csv", text)).codes).toEqual([])
  })

  test("and without lineage is not reloaded, and the remedy deletes no rows of other files", async () => {
    await ingest("big.csv", text)
    await pool.query("INSERT INTO shop (id) VALUES (77)")
    const { code, err } = await ingest("big.csv", text, "--reload")
    expect(code).toBe(1)
    expect(err).toMatch(
      /do: Nothing was changed\. Delete the rows of this file .* with another --name; add --lineage, .*it deletes the rows of all other files too/,
    )
    expect(await rows("id")).toEqual([[1], [77]])
  })
})

describe("a fraction for a column of whole numbers", () => {
  test.each([
    ["fractions.csv", "id,name,amount\n1.5,Ann,1\n2.0,Bob,2\n3,Cho,3\n"],
    ["fractions.ndjson", '{"id":1.5,"name":"Ann","amount":1}\n{"id":2.5,"name":"Bob","amount":2}\n{"id":3,"name":"Cho","amount":3}\n'],
  ])("is rejected with a sentence that names the column, its type and the remedy: %s", async (name, text) => {
    const { out } = await ingest(name, text)
    expect(out).toContain("  postgres.not_whole\n")
    expect(out).toContain("    of the rows as they were read; what the database refused does not count\n")
    expect(out).toMatch(
      /id: 1\.5 is not a whole number, but the column is an? integer; make its type numeric, or let evolve \(--evolve\) widen it/,
    )
  })

  test("is loaded with --evolve", async () => {
    const { out } = await ingest("wider.csv", "id,name,amount\n1.5,Ann,1\n2.5,Bob,2\n", "--evolve")
    expect(out).not.toContain("as they were read")
    expect(await rows("id")).toEqual([["1.5"], ["2.5"]])
  })
})
