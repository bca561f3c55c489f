import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { commandRemedy, commandWords } from "../../src/cli/command-remedy.ts"
import { runCli } from "../../src/cli.ts"
import { sourceFiles } from "../structure/source-files.ts"
import { TextStream } from "./text-stream.ts"

const library = [...sourceFiles()].filter(([path]) => !path.startsWith("cli/"))

/** Remedies that no command can show: each is about a call that only a program makes. */
const programOnly = [
  /^Pass `/,
  /^Set `scope`/,
  /`scope`/,
  /run\(\{ source \}\)/,
  /fromPostgresJs/,
  /^Load into postgres\(\)/,
  /\.from\(/,
  /\.into\(/,
  /bytes\(\)/,
  // A schema is the user's own code for the command as well.
  /z\.object\(/,
]

let cwd: string
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "rowgate-remedy-"))
  await writeFile(join(cwd, "header.csv"), "id\n")
  await writeFile(join(cwd, "t.csv"), "id,name\n1,x\n")
  await writeFile(join(cwd, "two.json"), '{"a":[{"id":1}],"b":[{"id":2}]}')
})
afterAll(() => rm(cwd, { recursive: true }))

async function remedyOf(...argv: string[]): Promise<string | undefined> {
  const [stdout, stderr] = [new TextStream(), new TextStream()]
  await runCli(argv, { stdout, stderr, env: {}, cwd })
  return /^ {2}do: (.*)$/m.exec(stderr.text)?.[1]
}

test("every phrase that the command replaces is a phrase of the library", () => {
  const text = library
    .map(([, source]) => source)
    .join("\n")
    .replaceAll("\\`", "`")
    .replaceAll(/\$\{option\}/g, "sheet")
  const texts = ["csv", "xlsx"].map((parser) => text.replaceAll(/\$\{parser\}/g, parser))
  for (const [phrase] of commandWords) expect([phrase, texts.some((each) => each.includes(phrase))]).toEqual([phrase, true])
})

test("no remedy that the command prints names an option of the library as a program writes it", () => {
  const remedies = library.flatMap(([, source]) =>
    [...source.matchAll(/\bremedy(?::|\s=)\s*(["'`])((?:\\.|(?!\1).)*)\1/gs)].map(([, , text = ""]) => text.replaceAll("\\`", "`")),
  )
  expect(remedies.length).toBeGreaterThan(90)
  const left = remedies
    .filter((text) => !programOnly.some((each) => each.test(text)))
    .map(commandRemedy)
    .filter((text) => /`[a-z]\w*(?:: [^`]*)?`|\w\(\{|\(pool\)/.test(text) && !text.includes("configuration file"))
  expect(left).toEqual([])
})

test.each([
  [["ingest", "header.csv", "--to", "out.ndjson"], "Check the program that writes the file."],
  [["read", "t.csv", "--header", "9"], "Correct --header, or omit it to have the header detected."],
  [["ingest", "two.json", "--to", "out.ndjson"], expect.stringMatching(/^Name the array of rows with --path, such as "\/\w+"[^(]*$/)],
])("%j prints a remedy in words of the command", async (argv, remedy) => {
  expect(await remedyOf(...argv)).toEqual(remedy)
})
