import { existsSync, readdirSync } from "node:fs"
import { cp, mkdir, readFile, symlink } from "node:fs/promises"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type InstalledPackage, installedPackage } from "./installed-package.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const ideas = readdirSync(join(root, "examples")).filter((name) => existsSync(join(root, "examples", name, "main.ts")))
/** What the examples import besides rowgate and zod, which is installed with it. */
const packages = ["@electric-sql/pglite", "@opentelemetry/api", "@opentelemetry/sdk-trace-base", "exceljs"]

let consumer: InstalledPackage
beforeAll(async () => {
  consumer = await installedPackage()
  await cp(join(root, "examples"), join(consumer.folder, "examples"), { recursive: true, filter: (path) => !path.includes("node_modules") })
  for (const name of packages) {
    const place = join(consumer.folder, "node_modules", name)
    await mkdir(dirname(place), { recursive: true })
    await symlink(join(root, "node_modules", name), place)
  }
}, 240_000)
afterAll(() => consumer?.[Symbol.asyncDispose]())

test.each(ideas)("examples/%s runs with the packed package", async (idea) => {
  const printed = await consumer.node("--import", join(root, "node_modules/tsx/dist/esm/index.mjs"), `examples/${idea}/main.ts`)
  expect(printed).toBe(await readFile(join(root, "examples", idea, "output.txt"), "utf8"))
})
