import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { sourceFiles } from "../structure/source-files.ts"

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8")
/** Set by Lambda or read by Node: the text below the table names them. */
const ofOthers = ["AWS_LAMBDA_LOG_LEVEL", "AWS_LAMBDA_INITIALIZATION_TYPE", "NODE_EXTRA_CA_CERTS"]

test("docs/configuration.md has a row for every variable that the functions read, and for no other", () => {
  const page = read("docs/configuration.md").split("## On AWS Lambda")[1] ?? ""
  const documented = [...page.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, name = ""]) => name)
  const codes = new Set([...read("src/errors/error-code.ts").matchAll(/"([A-Z_]+)"/g)].map(([, code]) => code))
  const sources = [...sourceFiles()].flatMap(([path, text]) => (path.startsWith("lambda/") ? [text] : []))
  const found = new Set(sources.flatMap((text) => [...text.matchAll(/"([A-Z]+_[A-Z_]+)"/g)].map(([, name = ""]) => name)))
  const variables = [...found].filter((name) => !codes.has(name) && !ofOthers.includes(name))
  expect(variables).toContain("LANDING_BUCKET")
  expect(variables.sort()).toEqual(documented.sort())
  expect(page).toContain("`QUALITY_WEIGHT_...`")
  for (const name of ofOthers) expect(page).toContain(`\`${name}\``)
})
