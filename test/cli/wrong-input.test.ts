import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Command } from "../../src/cli/command.ts"
import { commands } from "../../src/cli/run-cli.ts"
import { runCli } from "../../src/cli.ts"
import { TextStream } from "./text-stream.ts"

let cwd: string
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "rowgate-wrong-"))
  await writeFile(join(cwd, "a.csv"), "id,name\n1,x\n")
  await writeFile(join(cwd, "broken.mjs"), "export default {")
  await writeFile(join(cwd, "nothing.mjs"), "export const x = 1")
  await writeFile(join(cwd, "key.mjs"), "export default { tabel: 'x' }")
})
afterAll(() => rm(cwd, { recursive: true }))

async function rowgate(argv: readonly string[]) {
  const [stdout, stderr] = [new TextStream(), new TextStream()]
  const code = await runCli(argv, { stdout, stderr, env: {}, cwd })
  return { code, out: stdout.text, err: stderr.text }
}

/** An operand of each kind that is right as far as the command line goes. */
const operandOf: { readonly [kind: string]: string } = { FILE: "a.csv", RUN: "17fa5f40-22be-4d3e-9e62-6c228d8aee89", TABLE: "a" }
/** Values that no option takes, by the placeholder of the help. */
const wrongValues: { readonly [placeholder: string]: string } = {
  N: "many",
  ROW: "first",
  LINES: "-",
  DAYS: "soon",
  TIME: "yesterday",
  TARGET: "mysql://localhost/shop",
  CHARACTER: "''",
}

const needed = ({ operands }: Command) =>
  operands.split(" ").flatMap((operand) => operand.match(/\b(?:FILE|RUN|TABLE)\b/)?.map((kind) => operandOf[kind] ?? "") ?? [])

/** Command lines that only the reader of the command line can refuse. */
function wrongCalls(command: Command): readonly (readonly string[])[] {
  const { name, operands, options } = command
  const right = [name, ...needed(command)]
  const isOptional = operands.startsWith("[") || operands === ""
  return [
    ...(isOptional ? [] : [[name]]),
    ...(operands.endsWith("...") ? [] : [[...right, "one", "too", "many"]]),
    [...right, "--zzz"],
    [...right, "-z"],
    ...Object.entries(options).flatMap(([option, { value, values }]) => {
      if (value === undefined) return [[...right, `--${option}=yes`]]
      const wrong = values === undefined ? wrongValues[value] : "zzz"
      const calls = [
        [...right, `--${option}`],
        [...right, `--${option}`, "--json"],
      ]
      return wrong === undefined ? calls : [...calls, [...right, `--${option}=${wrong}`]]
    }),
    ...("config" in options ? ["none.mjs", "broken.mjs", "nothing.mjs", "key.mjs"].map((file) => [...right, "--config", file]) : []),
  ]
}

describe.each(commands.map((command) => [command.name, command] as const))("a wrong command line of %s", (_, command) => {
  test("is refused with exit code 2, one line that says what is wrong and one that says how to mend it", async () => {
    const calls = wrongCalls(command)
    expect(calls.length).toBeGreaterThan(3)
    for (const argv of calls) {
      const { code, out, err } = await rowgate(argv)
      const lines = err.trimEnd().split("\n")
      expect([argv, code, out, lines[0], lines.at(-1), lines.length <= 3]).toEqual([
        argv,
        2,
        "",
        expect.stringMatching(/^(CONFIG|SCHEMA|PIPELINE)_INVALID: \S.*[.?]$/),
        expect.stringMatching(/^ {2}do: [A-Z].*[.?]$/),
        true,
      ])
      expect(err).not.toMatch(/\.ts:\d+|INTERNAL/)
    }
  })

  test("that names a wrong key of the configuration is answered with the right one", async () => {
    if (!("config" in command.options)) return
    const { err } = await rowgate([command.name, ...needed(command), "--config", "key.mjs"])
    expect(err).toContain("The configuration has no option tabel; did you mean table?")
  })
})

test.each(commands.filter(({ operands }) => /FILE/.test(operands) && !/RUN/.test(operands)).map(({ name }) => name))(
  "%s names a file that is not there",
  async (name) => {
    expect(await rowgate([name, "none.csv"])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^SOURCE_NOT_FOUND: .*none\.csv.*\n {2}at: .*\n {2}do: .*\n$/),
    })
  },
)
