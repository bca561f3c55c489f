import { tmpdir } from "node:os"
import { describe, expect, test } from "vitest"
import { commonOptions } from "../../src/cli/command.ts"
import { commands } from "../../src/cli/run-cli.ts"
import { runCli } from "../../src/cli.ts"
import { TextStream } from "./text-stream.ts"

async function rowgate(argv: readonly string[], env: { readonly [name: string]: string } = {}, isTTY = false) {
  const [stdout, stderr] = [new TextStream({ isTTY }), new TextStream({ isTTY })]
  const code = await runCli(argv, { stdout, stderr, env, cwd: tmpdir() })
  return { code, out: stdout.text, err: stderr.text }
}

const names = commands.map(({ name }) => name)

test("the list of commands fits a screen of 80 columns and 45 lines", async () => {
  const { code, out } = await rowgate(["--help"])
  expect(code).toBe(0)
  for (const name of names) expect(out).toMatch(new RegExp(`^  ${name} +[A-Z]`, "m"))
  expect(out.split("\n").filter((line) => line.length > 80)).toEqual([])
  expect(out.split("\n").length).toBeLessThanOrEqual(45)
  expect(await rowgate(["help"])).toMatchObject({ code: 0, out })
  expect(await rowgate([])).toEqual({ code: 2, out: "", err: out })
})

test.each(names)("the help of %s fits 80 columns and has each option once", async (name) => {
  const { code, out } = await rowgate([name, "--help"])
  expect(code).toBe(0)
  expect(out.split("\n").filter((line) => line.length > 80)).toEqual([])
  const options = { ...commands.find((each) => each.name === name)?.options, ...commonOptions }
  const shown = [...out.matchAll(/^ {2}--([\w-]+)/gm)].map(([, option]) => option)
  expect(shown.sort()).toEqual(Object.keys(options).sort())
  for (const argv of [
    ["help", name],
    [name, "-h"],
    [name, "--wrong", "--help"],
  ])
    expect(await rowgate(argv)).toMatchObject({ code: 0, out })
})

test("the help names each value of an option that takes few", async () => {
  for (const { name, options } of commands) {
    const { out } = await rowgate([name, "--help"])
    for (const [option, { values = [] }] of Object.entries(options)) {
      const about = options[option]?.about ?? ""
      for (const value of values)
        expect([name, option, `${about} `.includes(value), out.includes(`--${option}`)]).toEqual([name, option, true, true])
    }
  }
})

test.each([
  ["ingst", "ingest"],
  ["INGEST", "ingest"],
  ["rejcets", "rejects"],
  ["hlep", "help"],
])("the command %s is answered with %s", async (word, meant) => {
  const err = `CONFIG_INVALID: rowgate has no command ${word}. Did you mean ${meant}?\n  do: Run rowgate --help to see the commands.\n`
  expect(await rowgate([word, "a.csv"])).toEqual({ code: 2, out: "", err })
  expect(await rowgate(["help", word])).toEqual({ code: 2, out: "", err })
})

test("an option before the command is answered with its place", async () => {
  expect((await rowgate(["--quiet", "ingest"])).err).toContain("Write the command first: rowgate ingest FILE --quiet.")
})

describe("colour", () => {
  const sequence = /\x1b\[/
  test("is shown on a terminal only", async () => {
    expect((await rowgate(["help", "show"], {}, true)).out).toMatch(sequence)
    expect((await rowgate(["help", "show"], {}, false)).out).not.toMatch(sequence)
  })

  test("marks the code of an error", async () => {
    expect((await rowgate(["ingst"], {}, true)).err).toMatch(/^\x1b\[31mCONFIG_INVALID\x1b\[39m: rowgate has no command ingst\./)
  })

  test("obeys NO_COLOR, TERM and FORCE_COLOR", async () => {
    expect((await rowgate(["help", "show"], { NO_COLOR: "1" }, true)).out).not.toMatch(sequence)
    expect((await rowgate(["help", "show"], { NO_COLOR: "" }, true)).out).toMatch(sequence)
    expect((await rowgate(["help", "show"], { TERM: "dumb" }, true)).out).not.toMatch(sequence)
    expect((await rowgate(["help", "show"], { FORCE_COLOR: "1" }, false)).out).toMatch(sequence)
    expect((await rowgate(["help", "show"], { FORCE_COLOR: "1", NO_COLOR: "1" }, false)).out).toMatch(sequence)
    expect((await rowgate(["help", "show"], { FORCE_COLOR: "0" }, true)).out).not.toMatch(sequence)
  })
})
