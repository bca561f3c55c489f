import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"

const root = fileURLToPath(new URL("../..", import.meta.url))
const page = readFileSync(`${root}/docs/errors.md`, "utf8")
const codes = [...readFileSync(`${root}/src/errors/error-code.ts`, "utf8").matchAll(/^ {2}\| "([A-Z_]+)"$/gm)].map(([, code = ""]) => code)

test("docs/errors.md has a section for every code of the union, in its order", () => {
  expect(codes.length).toBeGreaterThan(20)
  expect([...page.matchAll(/^### `([A-Z_]+)`$/gm)].map(([, code]) => code)).toEqual(codes)
})

test.each(codes)("the section of %s says more than its name", (code) => {
  const section = page.split(`### \`${code}\`\n`)[1]?.split(/^##/m)[0] ?? ""
  expect(section.trim().split(/\s+/).length).toBeGreaterThan(8)
})
