import { execFileSync, spawnSync } from "node:child_process"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { commands } from "../../src/cli/run-cli.ts"
import { runCli } from "../../src/cli.ts"
import { TextStream } from "./text-stream.ts"

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rowgate-completion-"))
  for (const shell of ["bash", "zsh", "fish"]) await writeFile(join(folder, `rowgate.${shell}`), await scriptOf(shell))
})
afterAll(() => rm(folder, { recursive: true }))

async function scriptOf(shell: string): Promise<string> {
  const stdout = new TextStream()
  expect(await runCli(["completion", shell], { stdout, stderr: new TextStream(), env: {}, cwd: tmpdir() })).toBe(0)
  return stdout.text
}

/** Whether the machine has a shell. */
const has = (shell: string) => spawnSync(shell, ["-c", "exit 0"]).status === 0

describe.skipIf(!has("bash"))("bash, if it is installed,", () => {
  /** The words that bash offers for the last of some words. */
  function offered(...words: readonly string[]): readonly string[] {
    const script = `. ./rowgate.bash; COMP_WORDS=(rowgate "$@"); COMP_CWORD=$#; _rowgate; printf '%s\\n' "\${COMPREPLY[@]}"`
    return execFileSync("bash", ["-c", script, "bash", ...words], { cwd: folder, encoding: "utf8" })
      .split("\n")
      .filter((word) => word !== "")
  }

  test("completes commands", () => {
    expect(offered("")).toEqual([...commands.map(({ name }) => name), "help", "--help", "--version"])
    expect(offered("re")).toEqual(["read", "report", "rejects", "replay"])
    expect(offered("help", "mi")).toEqual(["migrate"])
    expect(offered("completion", "")).toEqual(["bash", "zsh", "fish"])
  })

  test("completes every option of every command, and the values of those that take few", () => {
    for (const { name, options } of commands) {
      expect(offered(name, "--")).toEqual([...Object.keys(options), "no-config", "help"].map((option) => `--${option}`))
      for (const [option, { values = [] }] of Object.entries(options))
        expect([name, option, offered(name, `--${option}`, "")]).toEqual([name, option, values])
    }
    expect(offered("ingest", "a.csv", "--mode", "de")).toEqual(["delete-missing"])
  })

  test("leaves names of files to readline", () => {
    expect(offered("ingest", "ord")).toEqual([])
    const spec = execFileSync("bash", ["-c", ". ./rowgate.bash; complete -p rowgate"], { cwd: folder, encoding: "utf8" })
    expect(spec).toBe("complete -o default -F _rowgate rowgate\n")
  })
})

test.skipIf(!has("zsh"))("zsh, if it is installed, accepts its script", () => {
  const script = "autoload -U compinit && compinit -D && . ./rowgate.zsh && whence -w _rowgate"
  expect(execFileSync("zsh", ["-fc", script], { cwd: folder, encoding: "utf8" })).toBe("_rowgate: function\n")
})

test.skipIf(!has("fish"))("fish, if it is installed, completes commands and values", () => {
  const script = 'source rowgate.fish; complete -C "rowgate pur"; complete -C "rowgate ingest --mode rep"'
  const offered = execFileSync("fish", ["--no-config", "-c", script], { cwd: folder, encoding: "utf8" })
  expect(offered).toMatch(/^purge\t.*\nreplace\b/)
})

test.each(["zsh", "fish"])("the script for %s has every command and option", async (shell) => {
  const script = await scriptOf(shell)
  for (const { name, options } of commands) {
    expect(script).toContain(name)
    for (const option of Object.keys(options)) expect(script).toContain(shell === "zsh" ? `--${option}[` : `-l ${option} `)
  }
  // A quote in a text would end its word.
  const quotes = script.replaceAll("'\\''", "").replaceAll("\\'", "")
  expect(quotes.split("\n").filter((line) => !line.startsWith("#") && line.split("'").length % 2 === 0)).toEqual([])
})
