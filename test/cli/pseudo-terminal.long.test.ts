import { execFileSync, spawn } from "node:child_process"
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { displayWidth } from "../../src/cli/display-width.ts"
import { Rowgate } from "../e2e/command.ts"
import { embeddedFolder } from "../embedded-database.ts"
import { inTerminal, noTerminal } from "./pseudo-terminal.ts"

let rowgate: Rowgate
let cwd: string
beforeAll(async () => {
  rowgate = await Rowgate.compile()
  cwd = await mkdtemp(join(tmpdir(), "rowgate-terminal-"))
  await embeddedFolder(join(cwd, "db"))
  const rows = Array.from({ length: 400_000 }, (_, at) => `${at},"name ${at}",${at % 1000}.25,2025-06-01\n`).join("")
  await writeFile(join(cwd, "long.csv"), `id,name,amount,day\n${rows}`)
  await writeFile(join(cwd, "注文の一覧.csv"), `id,name,amount,day\n${rows}`)
  await writeFile(join(cwd, "short.csv"), "id,name\n1,x\n2,\n")
  await writeFile(join(cwd, "last.csv"), "id,name\n3,y\n")
}, 120_000)
afterAll(() => rm(cwd, { recursive: true }))

const command = (...argv: readonly string[]) => [process.execPath, rowgate.face("bin"), ...argv, "--no-config"]
/** What the line of progress has shown, one after another. */
const statuses = (shown: string) =>
  shown
    .split(/[\r\n]+/)
    .map((line) => line.trimEnd())
    .filter((line) => /: (reading|hashing|loading)/.test(line))

describe.skipIf(noTerminal !== undefined)(
  `in a terminal${noTerminal === undefined ? "" : ` (skipped: ${noTerminal})`}`,
  () => {
    test("a load shows its progress from the start, and leaves no trace of it", async () => {
      const { code, shown } = await inTerminal(command("ingest", "long.csv", "--to", "a.ndjson"), { cwd })
      expect(code).toBe(0)
      const seen = statuses(shown)
      expect(seen.length).toBeGreaterThan(2)
      expect(seen.some((line) => /^long\.csv: loading \d+ %, (\d+:\d\d left, )?[\d,]+ rows, [\d,]+ rows\/s, [\d.]+ MB\/s/.test(line))).toBe(
        true,
      )
      // Nothing comes before it, and it begins with the sample.
      expect(shown).toMatch(/^\rlong\.csv: reading \d+ %/)
      const summary = shown.slice(shown.lastIndexOf("\r", shown.indexOf("long -> ")) + 1)
      expect(summary).toMatch(/^(\x1b\[1m)?long -> /)
      expect(shown).toContain("400,000 rows read, 400,000 loaded")
    })

    test("colour is left out with NO_COLOR", async () => {
      const load = (env: { readonly [name: string]: string }) =>
        inTerminal(command("ingest", "short.csv", "--to", "b.ndjson"), { cwd, env })
      expect((await load({})).shown).toContain("\x1b[1m")
      expect((await load({ NO_COLOR: "1" })).shown).not.toContain("\x1b")
    })

    test("CI gets no line that is updated", async () => {
      const { shown } = await inTerminal(command("ingest", "long.csv", "--to", "c.ndjson"), { cwd, env: { CI: "true" } })
      expect(statuses(shown)).toEqual([])
    })

    test("the progress fits a terminal that becomes narrow", async () => {
      let resized = -1
      const { code, shown } = await inTerminal(command("ingest", "注文の一覧.csv", "--to", "d.ndjson"), {
        cwd,
        onOutput(shown, keys) {
          if (resized >= 0 || !/loading/.test(shown)) return
          resized = shown.length
          keys.resize(24, 30)
        },
      })
      expect(code).toBe(0)
      const before = statuses(shown.slice(0, resized))
      // The signal takes a moment to arrive.
      const after = statuses(shown.slice(resized)).slice(3)
      expect(after.length).toBeGreaterThan(0)
      expect(before.every((line) => displayWidth(line) < 80)).toBe(true)
      expect(after.filter((line) => displayWidth(line) >= 30)).toEqual([])
      expect(after.at(-1)).toMatch(/…$/)
    })

    test("Ctrl-C stops a load with 130, and says what is loaded and what is not", async () => {
      let pressed = false
      const files = ["short.csv", "long.csv", "last.csv"]
      const { code, shown } = await inTerminal(command("ingest", ...files, "--to", "pglite:db"), {
        cwd,
        env: { NO_COLOR: "1" },
        onOutput(shown, keys) {
          if (pressed || !/\[2\/3\] long\.csv: loading/.test(shown)) return
          pressed = true
          keys.type("\x03")
        },
      })
      expect(code).toBe(130)
      expect(shown).toContain("Stopping ... (Ctrl-C again ends at once)\r\n")
      expect(shown).toMatch(
        /ABORTED: SIGINT stopped the command\. short\.csv is loaded\. Nothing of long\.csv was loaded\. last\.csv was not tried\.\r\n {2}do: Run it again/,
      )
      const again = await inTerminal(command("ingest", ...files, "--to", "pglite:db"), { cwd })
      expect([again.code, again.shown]).toEqual([0, expect.stringContaining("loaded before, nothing to do")])
      expect(again.shown).toContain("400,000 rows read, 400,000 loaded")
    })

    test("a second Ctrl-C ends a command at once", async () => {
      await writeFile(
        join(cwd, "deaf.mjs"),
        "console.error('waiting'); await new Promise((resolve) => setTimeout(resolve, 60_000))\nexport default {}",
      )
      let presses = 0
      let pressed = 0
      const { code, shown } = await inTerminal([process.execPath, rowgate.face("bin"), "ingest", "short.csv", "--config", "deaf.mjs"], {
        cwd,
        onOutput(shown, keys) {
          if (presses < (shown.includes("Stopping") ? 2 : shown.includes("waiting") ? 1 : 0)) {
            presses++
            pressed = performance.now()
            keys.type("\x03")
          }
        },
      })
      expect(performance.now() - pressed).toBeLessThan(5000)
      // The signal itself ended it, as a shell expects.
      expect([presses, code, shown]).toEqual([2, 254, expect.stringContaining("Stopping")])
    })

    test("rowgate show fits the width", async () => {
      await writeFile(
        join(cwd, "wide.csv"),
        `id,${Array.from({ length: 12 }, (_, at) => `column ${at}`)}\n1,${Array.from({ length: 12 }, () => "x".repeat(40))}\n`,
      )
      expect((await inTerminal(command("ingest", "wide.csv", "--to", "pglite:db"), { cwd })).code).toBe(0)
      const { shown } = await inTerminal(command("show", "wide", "--to", "pglite:db"), { cwd, columns: 60, env: { NO_COLOR: "1" } })
      const table = shown
        .slice(shown.lastIndexOf("\r", shown.indexOf("column_0")) + 1)
        .split("\r\n")
        .filter((line) => line !== "")
      expect(table.every((line) => displayWidth(line) <= 60)).toBe(true)
      expect(table.at(-1)).toMatch(/^and \d+ more columns \(--json\): column_/)
    })
  },
  180_000,
)

test("a pipe gets neither colour nor progress, and a closed one ends the command without an error", async () => {
  const env = { PATH: process.env["PATH"] ?? "", HOME: cwd }
  const shell = (line: string) => execFileSync("/bin/sh", ["-c", line], { cwd, env, encoding: "utf8" })
  const [node, bin] = [process.execPath, rowgate.face("bin")]
  const out = shell(`"${node}" "${bin}" ingest long.csv --to e.ndjson --no-config 2>&1`)
  expect(out).toMatch(/^long -> /)
  expect(out).not.toMatch(/[\x1b\r]/)
  const first = shell(`"${node}" "${bin}" read long.csv --no-config 2>errors | head -1`)
  expect(JSON.parse(first)).toMatchObject({ row: 2 })
  expect(await readFile(join(cwd, "errors"), "utf8")).toBe("")
  // The exit code of the command itself, not of head.
  const child = spawn(node, [bin, "read", "long.csv", "--no-config"], { cwd, env, stdio: ["ignore", "pipe", "inherit"] })
  child.stdout.once("data", () => child.stdout.destroy())
  expect(await new Promise((resolve) => child.on("exit", resolve))).toBe(0)
})
