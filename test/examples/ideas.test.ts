import { existsSync, readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { format } from "node:util"
import { expect, onTestFinished, test, vi } from "vitest"
import { bundle } from "../structure/bundle.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const examples = `${root}/examples`
const ideas = readdirSync(examples).filter((name) => existsSync(`${examples}/${name}/main.ts`))

test("every example is in the list of examples", () => {
  const page = readFileSync(`${examples}/README.md`, "utf8")
  expect([...page.matchAll(/^\| \[([\w-]+)\]\(\1\/README\.md\) \|/gm)].map(([, name]) => name).sort()).toEqual(ideas)
})

test.each(ideas)("examples/%s says how to run it", (idea) => {
  expect(readFileSync(`${examples}/${idea}/README.md`, "utf8")).toContain(`examples/${idea}/main.ts\n`)
})

/** An embedded database takes two seconds to start. The long tests run every example, with the packed package. */
const quick = ideas.filter(
  (idea) => idea === "quick-start" || !readFileSync(`${examples}/${idea}/main.ts`, "utf8").includes("rowgate/pglite"),
)

test.each(quick)("examples/%s prints what its output.txt says", async (idea) => {
  let printed = ""
  const log = vi.spyOn(console, "log").mockImplementation((...values) => {
    printed += `${format(...values)}\n`
  })
  onTestFinished(() => log.mockRestore())
  await import(`${examples}/${idea}/main.ts`)
  await expect(printed).toMatchFileSnapshot(`${examples}/${idea}/output.txt`)
})

test("the middle of a pipeline bundles neither a database driver nor the AWS SDK", async () => {
  const program = `export { handler } from "./examples/lambda-middle/main.ts"`
  const { loaded, lazy } = await bundle(program, root, "single")
  const packages = [...loaded, ...lazy]
  expect(packages).toContain("zod")
  expect(packages.filter((name) => /^(pg|pg-.*|@aws-sdk|@smithy|@electric-sql)(\/|$)/.test(name))).toEqual([])
})
