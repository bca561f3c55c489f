import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { runCli } from "../../src/cli.ts"
import { embeddedFolder } from "../embedded-database.ts"
import { zipBytes } from "../parsers/files/zip/zip-bytes.ts"
import { workbookBytes } from "../parsers/xlsx/workbook-bytes.ts"
import { TextStream } from "./text-stream.ts"

/** Clears the screen, forges a line, sets the title, reverses the reading direction and hides characters. */
const evil = "\x1b[2J\x1b[31mx\x9b2K\r\nall 1 files: 9 rows read, 9 loaded\x1b]0;title\x07\u202e\u200b\u3164\ufe0f\u{e0100}"
const obeyed = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}]/u

let cwd: string
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "rowgate-terminal-"))
  await embeddedFolder(join(cwd, ".rowgate", "db"))
  // XML cannot hold the controls below 0x20; C1 and marks of direction it can.
  const inXml = evil.replace(/[\x00-\x1f]/g, "")
  const cell = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`
  const rows = `<row>${cell(`id${inXml}`)}</row><row>${cell("1")}</row>`
  await writeFile(join(cwd, "book.xlsx"), workbookBytes({ sheets: [{ name: "\x9b2J\u202e\u200bsheet", rows }] }))
  await writeFile(
    join(cwd, "names.zip"),
    zipBytes([{ name: `${evil.replaceAll("/", "")}.csv`, content: `id,${evil.replace("\r\n", "")}\n1,2\n2,x\n` }]),
  )
  await writeFile(join(cwd, `file${evil}.csv`), "id,pieces\n1,2\n2,many\n")
  const zod = JSON.stringify(import.meta.resolve("zod"))
  await writeFile(
    join(cwd, "strict.mjs"),
    `import { z } from ${zod}
export default z.object({ id: z.number(), pieces: z.number({ error: ({ input }) => ${JSON.stringify(evil)} + input }) })`,
  )
})
afterAll(() => rm(cwd, { recursive: true }))

async function rowgate(...argv: string[]) {
  const [stdout, stderr] = [new TextStream(), new TextStream({ isTTY: true })]
  const code = await runCli(argv, { stdout, stderr, env: { LOG_LEVEL: "debug", NO_COLOR: "1" }, cwd })
  return { code, out: stdout.text, err: stderr.text }
}

const file = `file${evil}.csv`
const load = ["ingest", file, "--schema", "strict.mjs", "--table", "t", "--name", `pipe${evil}`]
const calls: { readonly [what: string]: readonly (readonly string[])[] } = {
  "a load": [load, [...load, "--json"], ["ingest", "names.zip", "--table", "names", "--naming", "exact"]],
  "a plan": [
    ["ingest", file, "--schema", "strict.mjs", "--table", `"plan${evil}"`, "--plan"],
    ["ingest", "book.xlsx", "--table", "book", "--naming", "exact", "--plan"],
  ],
  "the list of deliveries": [["runs"], ["runs", "--json"]],
  "the cells of a file": [
    ["read", "names.zip", "--list"],
    ["read", "names.zip", "--all"],
    ["read", "book.xlsx"],
    ["read", "book.xlsx", "--list"],
    ["read", "book.xlsx", "--sheet", evil],
  ],
  "an error": [
    ["read", `none${evil}`],
    ["rejects", evil],
    [evil],
    ["ingest", file, `--${evil}`],
    ["purge", evil],
    ["purge", "--older-than", evil],
  ],
}

test.each(Object.keys(calls))("no name and no cell can control the terminal or start a line in %s", async (what) => {
  for (const argv of calls[what] ?? []) {
    const { out, err } = await rowgate(...argv)
    expect([argv, out + err]).toEqual([argv, expect.not.stringMatching(/^$/)])
    // The status line goes back to its own beginning.
    expect([argv, obeyed.exec(out + err.replaceAll("\r", ""))]).toEqual([argv, null])
    expect([argv, /^all 1 files/m.test(out + err)]).toEqual([argv, false])
  }
})

test("no rejected cell can control the terminal", async () => {
  const { out } = await rowgate("runs", "--json")
  const ids: string[] = out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
    .filter(({ rejected }) => rejected > 0)
    .map(({ id }) => id)
  expect(ids.length).toBeGreaterThan(0)
  for (const id of ids)
    for (const flag of ["--open", "--json"]) {
      const shown = await rowgate("rejects", id, flag)
      expect([shown.code, shown.out.length > 0, obeyed.exec(shown.out)]).toEqual([0, true, null])
      const replayed = await rowgate("replay", id, "names.zip", "--schema", "strict.mjs")
      expect(obeyed.exec(replayed.out + replayed.err.replaceAll("\r", ""))).toBe(null)
    }
})

test("JSON for programs has the names as they are", async () => {
  const { out } = await rowgate("runs", "--json")
  const runs: { pipeline: string }[] = out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
  expect(runs.map(({ pipeline }) => pipeline)).toContain(`pipe${evil}`)
  await rowgate("ingest", "names.zip", "--table", "again", "--report", "report.json")
  const report = await readFile(join(cwd, "report.json"), "utf8")
  expect(obeyed.exec(report)).toBe(null)
})

test("hints quote the names of tables as the shell does", async () => {
  const { out } = await rowgate("ingest", `file${evil}.csv`, "--schema", "strict.mjs", "--table", `"a ""b""; DROP TABLE x; --"`)
  expect(out).toContain(`rows: rowgate show '"a ""b""; DROP TABLE x; --"'\n`)
  expect(out).toMatch(/^rejects: rowgate rejects [0-9a-f-]{36} --xlsx rejects\.xlsx$/m)
})
