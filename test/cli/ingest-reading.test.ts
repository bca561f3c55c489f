import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { runCli } from "../../src/cli.ts"

let cwd: string
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "rowgate-reading-"))
  const rows = [{ id: 1, note: "" }, { id: 2 }]
  await writeFile(join(cwd, "page.json"), JSON.stringify({ page: 1, orders: rows }))
  await writeFile(join(cwd, "pages.json"), JSON.stringify({ orders: rows, links: [{ rel: "next" }] }))
  await writeFile(join(cwd, "notes.csv"), 'id,note\n1,""\n2,\n')
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
])("%j is refused beside the pipeline of a configuration", async (options, named) => {
  const { code, err } = await ingest("page.json", ...options)
  expect([code, err]).toEqual([2, expect.stringContaining(named)])
})

test("--blanks takes only null and text", async () => {
  const { code, err } = await ingest("notes.csv", "--no-config", "--blanks", "empty")
  expect([code, err]).toEqual([2, expect.stringContaining("not one of null, text")])
})
