import { execFileSync } from "node:child_process"
import { chown, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import { withEnvironmentFile } from "../../src/cli/environment-file.ts"
import { runCli } from "../../src/cli.ts"
import { TextStream } from "./text-stream.ts"

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "rowgate-env-"))
})
afterEach(() => rm(folder, { recursive: true }))

test("the environment overrides .env.local, which sets the rest", async () => {
  await writeFile(join(folder, ".env.local"), "# local\nDATABASE_URL=postgres://localhost/from_file\nLOG_LEVEL='info'\n")
  expect(await withEnvironmentFile({ LOG_LEVEL: "debug" }, folder)).toEqual({
    DATABASE_URL: "postgres://localhost/from_file",
    LOG_LEVEL: "debug",
  })
})

test("without the file the environment stays as it is", async () => {
  expect(await withEnvironmentFile({ A: "1" }, folder)).toEqual({ A: "1" })
})

test("a .env.local that cannot be read is an error, not an empty file", async () => {
  await mkdir(join(folder, ".env.local"))
  await expect(withEnvironmentFile({}, folder)).rejects.toMatchObject({ code: "CONFIG_INVALID" })
})

test("a .env.local that is a link, a pipe or another user's file is refused without waiting", async () => {
  const path = join(folder, ".env.local")
  await writeFile(join(folder, "other"), "A=1")
  await symlink(join(folder, "other"), path)
  await expect(withEnvironmentFile({}, folder)).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    message: expect.stringContaining("symbolic link"),
  })
  await rm(path)
  execFileSync("mkfifo", [path])
  await expect(withEnvironmentFile({}, folder)).rejects.toMatchObject({ message: expect.stringContaining("not a regular file") })
  await rm(path)
  if (process.getuid?.() !== 0) return
  await writeFile(path, "A=1")
  await chown(path, 65534, 65534)
  await expect(withEnvironmentFile({}, folder)).rejects.toMatchObject({ message: expect.stringContaining("another user") })
})

test("--no-config executes no configuration and reads no .env.local", async () => {
  await mkdir(join(folder, ".env.local"))
  await writeFile(join(folder, "rowgate.config.mjs"), "throw new Error('was executed')")
  await writeFile(join(folder, "a.csv"), "id\n1\n")
  const rowgate = async (...argv: string[]) => {
    const stream = new TextStream()
    const code = await runCli(argv, { stdout: stream, stderr: stream, env: {}, cwd: folder })
    return { code, text: stream.text }
  }
  expect(await rowgate("read", "a.csv")).toMatchObject({ code: 2, text: expect.stringContaining(".env.local is not a regular file") })
  await rm(join(folder, ".env.local"), { recursive: true })
  expect(await rowgate("ingest", "a.csv")).toMatchObject({ code: 2, text: expect.stringContaining("was executed") })
  await mkdir(join(folder, ".env.local"))
  expect(await rowgate("read", "a.csv", "--no-config")).toMatchObject({ code: 0, text: expect.stringContaining('"id":"1"') })
  expect(await rowgate("ingest", "a.csv", "--no-config", "--to", "rows.ndjson")).toMatchObject({ code: 0 })
  expect(await rowgate("runs", "--no-config")).toMatchObject({ code: 2, text: expect.stringContaining("There is no database") })
  expect(await rowgate("runs", "--no-config", "--config", "x.mjs")).toMatchObject({
    code: 2,
    text: expect.stringContaining("Use either --config or --no-config."),
  })
  for (const argv of [["--help"], ["runs", "--help"]])
    expect((await rowgate(...argv)).text).toMatch(/execute rowgate\.config\.ts[\s\S]*reads \.env\.local[\s\S]*--no-config/)
})
