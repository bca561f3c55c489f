import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import { withEnvironmentFile } from "../../src/cli/environment-file.ts"

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "rowgate-env-"))
})
afterEach(() => rm(folder, { recursive: true }))

test("what the environment sets beats .env.local, which sets the rest", async () => {
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
