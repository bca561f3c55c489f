import { readFileSync } from "node:fs"
import { join } from "node:path"
import { env } from "node:process"
import { expect, test } from "vitest"
import { sourceFiles } from "../../structure/source-files.ts"
import { boundedExpressions } from "./bounded-expressions.ts"
import { looseDate, madeExpressions } from "./made-expressions.ts"
import { pumpedFault } from "./pumped-fault.ts"
import { compiledLiteral, readExpressions, repeats } from "./read-expressions.ts"

/** Folders that never see the content of a file: the command's own arguments, and the test kit. */
const closedRooms = /^(cli|testing)\//
const listPath = join(import.meta.dirname, "linear-expressions.json")
/** Expressions that were proven before: proving all of them again takes half a minute. */
const proven: ReadonlySet<string> = new Set(JSON.parse(readFileSync(listPath, "utf8")))

const sources = sourceFiles()
const expressions = [...sources].flatMap(([path, text]) => (closedRooms.test(path) ? [] : readExpressions(path, text)))
const literals = expressions.filter(({ made, path, text }) => !made && boundedExpressions[`${path} ${text}`] === undefined)
const made = Object.values(madeExpressions).flatMap((listed) => (typeof listed === "string" ? [] : listed))
/** All expressions that must be linear, without repetition. */
const seen = new Map([...literals.map(({ text }) => compiledLiteral(text)), ...made].filter(repeats).map((each) => [String(each), each]))

test("every expression that is built at run time is listed", () => {
  const places = expressions.filter((each) => each.made).map(({ path, text }) => `${path} ${text}`)
  expect(places.sort()).toEqual(Object.keys(madeExpressions).sort())
})

test("every expression that may see a file's content is proven to take linear time", async () => {
  expect(seen.size).toBeGreaterThan(60)
  const faults = await unproven([...seen.values()].filter((each) => !proven.has(String(each))))
  expect(faults).toEqual([])
  // `vitest -u` adds newly proven expressions and removes those that are gone.
  await expect(`${JSON.stringify([...seen.keys()].sort(), undefined, 2)}\n`).toMatchFileSnapshot(listPath)
}, 120_000)

/** The expressions that the checker does not find linear, with its verdict. */
async function unproven(doubtful: readonly RegExp[]): Promise<string[]> {
  if (doubtful.length === 0) return []
  // By default the checker runs a native program, which may be missing. Loading it takes seconds.
  env["RECHECK_BACKEND"] = "pure"
  const { checkSync } = await import("recheck")
  expect([checkSync("^(<!--.*?-->\\s*)*x", "s").status, checkSync("0+$", "").status]).toEqual(["vulnerable", "vulnerable"])
  const verdicts = doubtful.map((each) => [each, checkSync(each.source, each.flags, { timeout: 20_000 })] as const)
  return verdicts.filter(([, { status }]) => status !== "safe").map(([each, { status }]) => `${each} is ${status}`)
}

test("the code that limits the texts of an expression still exists", () => {
  for (const [place, { by }] of Object.entries(boundedExpressions)) {
    const [path = "", ...literal] = place.split(" ")
    const text = sources.get(path) ?? ""
    expect([place, text.includes(literal.join(" ")), text.includes(by)]).toEqual([place, true, true])
  }
})

test("no expression takes more than linear time on texts made by repeating its own parts", () => {
  const faults = [...seen.values()].map(pumpedFault).filter((fault) => fault !== undefined)
  expect(faults).toEqual([])
})

test("the repeated texts reveal a quadratic expression", () => {
  expect(pumpedFault(/0+$/)).toContain("0+$")
})

test("a cell of endless white space is not a date in any pattern, and is refused at once", () => {
  const begun = performance.now()
  expect(looseDate.parse(`1${" ".repeat(1 << 20)}x`)).toBeNaN()
  expect(performance.now() - begun).toBeLessThan(200)
})
