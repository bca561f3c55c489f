import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { doubtLines } from "../../src/cli/doubt-lines.ts"
import { runCli } from "../../src/cli.ts"
import { TextStream } from "./text-stream.ts"

let cwd: string
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "rowgate-doubt-"))
})
afterAll(() => rm(cwd, { recursive: true }))

async function rowgate(name: string, text: string, ...argv: readonly string[]) {
  await writeFile(join(cwd, name), text)
  const [stdout, stderr] = [new TextStream(), new TextStream()]
  const [command = "", ...flags] = argv
  const code = await runCli([command, name, ...flags, "--no-config"], { stdout, stderr, env: {}, cwd })
  return { code, out: stdout.text, err: stderr.text }
}

/** One column whose cells contain another delimiter, and two columns of text only. */
const doubtful: readonly [name: string, text: string, doubts: readonly RegExp[]][] = [
  ["notes.csv", "note\na;b\nc;d\ne;f\n", [/delimiter in doubt: none, \d\d % sure \(.*"?;"?.*\); --delimiter decides it/]],
  [
    "people.tsv",
    "town\tname\nBonn\tAnn\nUlm\tBob\n",
    [/header in doubt: row 1, 50 % sure \(nothing contradicts a header\); --header or --no-header decides it/],
  ],
]

test.each(doubtful)("%s is loaded, and the summary has a line for what is in doubt", async (name, text, doubts) => {
  const { code, out } = await rowgate(name, text, "ingest", "--to", `${name}.ndjson`)
  expect(code).toBe(0)
  for (const doubt of doubts) expect(out).toMatch(new RegExp(`^ {2}${doubt.source}$`, "m"))
})

test.each(doubtful)("%s is printed, and stderr has a line for what is in doubt", async (name, text, doubts) => {
  const { code, out, err } = await rowgate(name, text, "read")
  expect([code, out]).toEqual([0, expect.not.stringContaining("doubt")])
  for (const doubt of doubts) expect(err).toMatch(new RegExp(`^${name}: ${doubt.source}$`, "m"))
})

test.each([
  ["orders.csv", "id,town,amount\n1,Bonn,2.50\n2,Ulm,3.50\n"],
  ["orders.ndjson", '{"id":1}\n{"id":2}\n'],
])("nothing is in doubt in %s", async (name, text) => {
  expect((await rowgate(name, text, "read")).err).toBe("")
  expect((await rowgate(name, text, "ingest", "--to", `${name}.out.ndjson`)).out).not.toContain("in doubt")
})

test("an option ends the doubt", async () => {
  const [name, text] = doubtful[0] ?? ["", ""]
  expect((await rowgate(name, text, "read", "--delimiter", "none", "--header", "1")).err).toBe("")
})

test("an encoding that is a guess is in doubt, and its evidence is cut", () => {
  const facts = {
    encoding: { value: "windows-1252", confidence: 0.6, evidence: "x".repeat(300) },
    header: { value: null, confidence: 0.9, evidence: "" },
  }
  expect(doubtLines(facts)).toEqual([
    expect.stringMatching(/^encoding in doubt: windows-1252, 60 % sure \(x{60,80}.*\); --encoding decides it$/),
  ])
  expect(doubtLines(undefined)).toEqual([])
})

test("the header of a sheet may be in doubt, too", () => {
  const evidence = ["nothing contradicts a header"]
  expect(doubtLines({ format: "xlsx", headerRow: 3, headerConfidence: 0.5, headerEvidence: evidence })).toEqual([
    "header in doubt: row 3, 50 % sure (nothing contradicts a header); --header or --no-header decides it",
  ])
  expect(doubtLines({ format: "xlsx", headerRow: 3, headerConfidence: 0.9, headerEvidence: evidence })).toEqual([])
  expect(doubtLines({ format: "xlsx", headerRow: 3 })).toEqual([])
})
