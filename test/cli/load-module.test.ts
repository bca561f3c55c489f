import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import { loadModule } from "../../src/cli/load-module.ts"
import { loadTypescript } from "../../src/cli/load-typescript.ts"
import { schemaOf } from "../../src/cli/schema-export.ts"

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "rowgate-module-"))
})
afterEach(() => rm(folder, { recursive: true }))

test("a JavaScript module is loaded from a path relative to the working directory", async () => {
  await writeFile(join(folder, "schema.mjs"), "export const answer = 42")
  expect(await loadModule("schema.mjs", folder)).toMatchObject({ answer: 42 })
})

test("a TypeScript module is loaded, with the TypeScript that it imports", async () => {
  await writeFile(join(folder, "part.ts"), "export const half: number = 21")
  await writeFile(join(folder, "schema.ts"), 'import { half } from "./part.ts"\nexport default { answer: half * 2 } as { answer: number }')
  expect(await loadModule("schema.ts", folder)).toMatchObject({ default: { answer: 42 } })
})

test("a missing file is reported with the path at which it was expected", async () => {
  await expect(loadModule("none.ts", folder)).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    message: expect.stringContaining(join(folder, "none.ts")),
  })
})

test("a module that throws or does not parse says why", async () => {
  await writeFile(join(folder, "throws.mjs"), 'throw new Error("no luck")')
  await writeFile(join(folder, "broken.ts"), "export const = 1")
  await expect(loadModule("throws.mjs", folder)).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    message: expect.stringContaining("no luck"),
  })
  await expect(loadModule("broken.ts", folder)).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    message: expect.stringContaining("broken.ts"),
  })
})

test.each([
  ["only", "export default z.object({ id: z.number() })"],
  ["with other exports", "export const least: number = 1\nexport default z.object({ id: z.number().min(least) })"],
])("jiti gives the default export of a TypeScript module as it is: %s", async (_, text) => {
  const path = join(folder, "schema.ts")
  await writeFile(path, `import { z } from ${JSON.stringify(import.meta.resolve("zod"))}\n${text}`)
  const schema = schemaOf(await loadTypescript(path, folder), path)
  expect(await schema["~standard"].validate({ id: 7 })).toEqual({ value: { id: 7 } })
})
