import { spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync } from "node:fs"
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { setTimeout as wait } from "node:timers/promises"
import { afterAll, beforeAll, expect, test } from "vitest"
import { Rowgate } from "./command.ts"

let rowgate: Rowgate
let cwd: string
beforeAll(async () => {
  rowgate = await Rowgate.compile()
  cwd = await mkdtemp(join(tmpdir(), "rowgate-signals-"))
  await writeFile(join(cwd, "long.csv"), `id,name\n${'1,"some text"\n'.repeat(200_000)}`)
  await writeFile(join(cwd, "short.csv"), "id\n1\n")
  const slowly = 'console.error("reading the configuration"); await new Promise((resolve) => setTimeout(resolve, 500))'
  await writeFile(join(cwd, "inferred.mjs"), `${slowly}\nexport default {}`)
  await writeFile(join(cwd, "pipeline.mjs"), `${slowly}\nexport default { pipeline: (files) => files }`)
})
afterAll(() => rm(cwd, { recursive: true }))

const signals = [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const

test.each(signals)("%s ends a command with %i within a second while nobody reads its output", async (signal, code) => {
  const child = spawn(process.execPath, [rowgate.face("bin"), "read", "long.csv", "--no-config"], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
  })
  const ended = once(child, "exit")
  const stderr = text(child.stderr)
  await once(child.stdout, "readable")
  // Nothing reads on from here, so the pipe fills up.
  await wait(500)
  const sent = performance.now()
  child.kill(signal)
  expect((await ended)[0]).toBe(code)
  expect(performance.now() - sent).toBeLessThan(1500)
  expect(await stderr).toBe(`ABORTED: ${signal} stopped the command.\n`)
  child.stdout.destroy()
})

test("a signal ends a command while nobody reads its output or its errors", async () => {
  const child = spawn("/bin/sh", ["-c", `exec "${process.execPath}" "${rowgate.face("bin")}" read long.csv --no-config 2>&1`], {
    cwd,
    stdio: ["ignore", "pipe", "ignore"],
  })
  const ended = once(child, "exit")
  await once(child.stdout, "readable")
  await wait(500)
  const sent = performance.now()
  child.kill("SIGTERM")
  expect((await ended)[0]).toBe(143)
  expect(performance.now() - sent).toBeLessThan(2500)
  child.stdout.destroy()
})

test.each([
  ["inferred.mjs", "SIGINT", 130],
  ["pipeline.mjs", "SIGTERM", 143],
] as const)("a load with %s that %s stops before it begins says that nothing was loaded", async (config, signal, code) => {
  let sent = false
  const ended = await rowgate.call(["ingest", "short.csv", "--config", config, "--to", "pglite:db"], {
    cwd,
    onStderr(_, kill) {
      if (!sent) kill(signal)
      sent = true
    },
  })
  expect(ended.code).toBe(code)
  expect(ended.stderr).toBe(
    [
      "reading the configuration",
      `ABORTED: ${signal} stopped the command. Nothing of short.csv was loaded.`,
      "  do: Run it again: rowgate does not load the same file twice.",
      "",
    ].join("\n"),
  )
  // The database was not even opened.
  expect(existsSync(join(cwd, "db"))).toBe(false)
})

test("a load that a signal stops while PGlite creates its database leaves it closed, private and usable", async () => {
  const child = spawn(process.execPath, [rowgate.face("bin"), "ingest", "short.csv", "--no-config"], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
  })
  const ended = once(child, "exit")
  const stderr = text(child.stderr)
  child.stdout.resume()
  while (!existsSync(join(cwd, ".rowgate/db.lock"))) await wait(5)
  child.kill("SIGTERM")
  expect((await ended)[0]).toBe(143)
  expect(await stderr).toMatch(/^ABORTED: SIGTERM stopped the command\. Nothing of short\.csv was loaded\.\n/)
  expect(await readdir(join(cwd, ".rowgate"))).toEqual(["db"])
  expect(await rowgate.call(["ingest", "short.csv", "--no-config"], { cwd })).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("1 row read, 1 loaded"),
  })
}, 120_000)
