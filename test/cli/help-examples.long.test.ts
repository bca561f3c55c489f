import { cp, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { commands } from "../../src/cli/run-cli.ts"
import { runCli } from "../../src/cli.ts"
import { embeddedFolder } from "../embedded-database.ts"
import { ledgerDatabase } from "../ledger-database.ts"
import { workbookBytes } from "../parsers/xlsx/workbook-bytes.ts"
import { TextStream } from "./text-stream.ts"

let base: string
let id: string
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "rowgate-examples-"))
  const days = Array.from(
    { length: 80 },
    (_, at) => `${1000 + at};ann${at}@example.com;${at},50;2025-06-${String((at % 28) + 1).padStart(2, "0")}`,
  )
  await writeFile(
    join(base, "orders.csv"),
    `Order No.;E-Mail;Amount;Day\n${days.join("\n")}\n2000;bob@example.com;7,25;2025-06-01;too;many\n`,
  )
  const rows = "<row><c><v>1</v></c><c><v>2</v></c></row>"
  const sheet = `<row><c t="inlineStr"><is><t>id</t></is></c><c t="inlineStr"><is><t>pieces</t></is></c></row>${rows}`
  await writeFile(join(base, "book.xlsx"), workbookBytes({ sheets: ["May", "June"].map((name) => ({ name, rows: sheet })) }))
  await embeddedFolder(join(base, ".rowgate", "db"))
  expect(await rowgate(["ingest", "orders.csv"], base)).toMatchObject({ code: 0 })
  id = JSON.parse((await rowgate(["runs", "--json"], base)).out).id
  expect((await rowgate(["rejects", id, "--csv", "rejects.csv"], base)).out).toContain("1 reject: ")
})
afterAll(() => rm(base, { recursive: true }))

async function rowgate(argv: readonly string[], cwd: string) {
  const [stdout, stderr] = [new TextStream(), new TextStream()]
  const code = await runCli(argv, { stdout, stderr, env: {}, cwd })
  return { code, out: stdout.text, err: stderr.text }
}

/** The words of a command line, as far as the shell splits them. What it would redirect is left out. */
const wordsOf = (line: string) =>
  line
    .replace(/ >.*$/, "")
    .match(/'[^']*'|\S+/g)
    ?.map((word) => word.replace(/^'(.*)'$/, "$1")) ?? []

test.each(commands.map((command) => [command.name, command] as const))("the examples in the help of %s run", async (name, command) => {
  const cwd = `${base}-${name}`
  await cp(base, cwd, { recursive: true })
  const { url } = name === "migrate" ? await ledgerDatabase() : { url: "" }
  for (const [line] of command.examples ?? []) {
    const argv = wordsOf(line).map((word) => (word === "RUN" ? id : word.startsWith("postgres://") ? url : word))
    expect([line, await rowgate(argv, cwd)]).toEqual([line, { code: 0, out: expect.any(String), err: "" }])
  }
  await rm(cwd, { recursive: true })
})
