import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { codesInSource, textsInSource } from "./codes-in-source.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const page = readFileSync(`${root}/docs/issues.md`, "utf8")
const properties = new Set(["code", "message", "rule", "dimension", "column", "path", "severity", "confidence", "suggestion"])
/** The first cells of the tables. `schema.<code>` stands for codes that are known only at run time. */
const listed = [...page.matchAll(/^\| `([a-z][\w.]*)` \|/gm)].map(([, code = ""]) => code).filter((code) => !properties.has(code))
const written = codesInSource(root)

test("docs/issues.md lists every issue and notice code of the sources", () => {
  expect(written.filter(({ code }) => !listed.includes(code))).toEqual([])
  expect(written.length).toBeGreaterThan(20)
})

test("docs/issues.md lists no code that the sources do not have", () => {
  const known = new Set([...written, ...textsInSource(root)].map(({ code }) => code))
  expect(listed.filter((code) => !known.has(code))).toEqual([])
})

test("docs/issues.md lists the other codes of a family if it lists one", () => {
  const families = new Set(listed.flatMap((code) => (code.includes(".") ? [code.split(".")[0]] : [])))
  const relatives = textsInSource(root).filter(({ code }) => families.has(code.split(".")[0] ?? ""))
  expect(relatives.filter(({ code }) => !listed.includes(code))).toEqual([])
})

test("docs/issues.md lists each code once", () => {
  expect(listed.filter((code, at) => listed.indexOf(code) !== at)).toEqual([])
})
