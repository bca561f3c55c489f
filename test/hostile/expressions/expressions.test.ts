import { readFileSync } from "node:fs"
import { join } from "node:path"
import { env } from "node:process"
import { expect, test } from "vitest"
import { sourceFiles } from "../../structure/source-files.ts"
import { boundedExpressions } from "./bounded-expressions.ts"
import { looseDate, madeExpressions } from "./made-expressions.ts"
import { pumpedFault } from "./pumped-fault.ts"
import { compiledLiteral, readExpressions, repeats } from "./read-expressions.ts"

/** Rooms that never see what stands in a file: the command's own arguments, and the harness of tests. */
const closedRooms = /^(cli|testing)\//
const listPath = join(import.meta.dirname, "linear-expressions.json")
/** What the checker has proven before: proving all of them anew takes half a minute. */
const proven: ReadonlySet<string> = new Set(JSON.parse(readFileSync(listPath, "utf8")))

const sources = sourceFiles()
const expressions = [...sources].flatMap(([path, text]) => (closedRooms.test(path) ? [] : readExpressions(path, text)))
const literals = expressions.filter(({ made, path, text }) => !made && boundedExpressions[`${path} ${text}`] === undefined)
const made = Object.values(madeExpressions).flatMap((listed) => (typeof listed === "string" ? [] : listed))
/** All that must be linear, each once. */
const seen = new Map([...literals.map(({ text }) => compiledLiteral(text)), ...made].filter(repeats).map((each) => [String(each), each]))

test("every expression that is made at run time is listed", () => {
  const places = expressions.filter((each) => each.made).map(({ path, text }) => `${path} ${text}`)
  expect(places.sort()).toEqual(Object.keys(madeExpressions).sort())
})

test("every expression that may see a file's content takes linear time, by proof", async () => {
  expect(seen.size).toBeGreaterThan(60)
  const faults = await unproven([...seen.values()].filter((each) => !proven.has(String(each))))
  expect(faults).toEqual([])
  // `vitest -u` adds what was proven just now, and leaves out what is gone.
  await expect(`${JSON.stringify([...seen.keys()].sort(), undefined, 2)}\n`).toMatchFileSnapshot(listPath)
}, 120_000)

/** Those of the expressions that the checker does not find linear, and why. */
async function unproven(doubtful: readonly RegExp[]): Promise<string[]> {
  if (doubtful.length === 0) return []
  // The checker's own choice would be a program for the machine, which need not be there. Loading it takes seconds.
  env["RECHECK_BACKEND"] = "pure"
  const { checkSync } = await import("recheck")
  expect([checkSync("^(<!--.*?-->\\s*)*x", "s").status, checkSync("0+$", "").status]).toEqual(["vulnerable", "vulnerable"])
  const verdicts = doubtful.map((each) => [each, checkSync(each.source, each.flags, { timeout: 20_000 })] as const)
  return verdicts.filter(([, { status }]) => status !== "safe").map(([each, { status }]) => `${each} is ${status}`)
}

test("an expression that is bounded by other code still has that code beside it", () => {
  for (const [place, { by }] of Object.entries(boundedExpressions)) {
    const [path = "", ...literal] = place.split(" ")
    const text = sources.get(path) ?? ""
    expect([place, text.includes(literal.join(" ")), text.includes(by)]).toEqual([place, true, true])
  }
})

test("no expression takes more than linear time on texts that are made of its own parts, over and over", () => {
  const faults = [...seen.values()].map(pumpedFault).filter((fault) => fault !== undefined)
  expect(faults).toEqual([])
})

test("the pumped texts show a quadratic expression", () => {
  expect(pumpedFault(/0+$/)).toContain("0+$")
})

test("a cell of white space without end is no date in any pattern, and is told so at once", () => {
  const begun = performance.now()
  expect(looseDate.parse(`1${" ".repeat(1 << 20)}x`)).toBeNaN()
  expect(performance.now() - begun).toBeLessThan(200)
})
