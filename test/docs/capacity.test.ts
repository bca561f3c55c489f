import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { evaluate } from "./arithmetic.ts"

const text = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8")
const page = text("docs/aws/costs.md")

/** The cells of all tables of the page whose header begins with these names. */
function rowsUnder(...header: readonly string[]): readonly (readonly string[])[] {
  const begin = `| ${header.join(" | ")} |`
  return page
    .split("\n\n")
    .filter((block) => block.startsWith(begin))
    .flatMap((block) => block.trim().split("\n").slice(2))
    .map((line) => line.split("|").slice(1, -1).map(unquoted))
}

function unquoted(cell: string): string {
  return cell.trim().replaceAll("`", "")
}

function shown(cell = ""): number {
  return Number(cell.replace(/[,%]/g, "").trim())
}

const numbers = new Map<string, number>()
for (const [name = "", value] of rowsUnder("Name", "Value")) numbers.set(name, shown(value))
const results = rowsUnder("Name", "Arithmetic", "Result")
for (const [name = "", arithmetic = ""] of results) numbers.set(name, evaluate(arithmetic, numbers))

test("the page about costs has inputs and results", () => {
  expect(rowsUnder("Name", "Value").length).toBeGreaterThan(40)
  expect(results.length).toBeGreaterThan(20)
  expect([...numbers.values()].filter((number) => !(number > 0))).toEqual([])
})

test.each(results.map(([name = "", , result]) => [name, result] as const))("%s is what its arithmetic says", (name, result) => {
  const exact = numbers.get(name) ?? Number.NaN
  expect(Math.abs(shown(result) / exact - 1), `${name} is ${exact}`).toBeLessThan(0.015)
})

test.each(["at 1 TB a day", "at 10,000 files an hour"])("the limits %s are right, and the first one to break comes first", (load) => {
  const limits = rowsUnder(`Limit ${load}`, "Needs", "Has", "Use")
  expect(limits.length).toBeGreaterThan(6)
  const used = limits.map(([limit, needs = "", has = "", use]) => {
    const exact = (100 * evaluate(needs, numbers)) / evaluate(has, numbers)
    expect(Math.abs(shown(use) - exact), `${limit} uses ${exact} %`).toBeLessThan(Math.max(0.51, exact * 0.015))
    return exact
  })
  expect(used).toEqual(used.toSorted((one, other) => other - one))
})

test("the inputs are those of the files that are deployed", () => {
  const shared = (name: string) => JSON.parse(text(`examples/lambda/${name}`))
  const { memoryMegabytes, database, functions } = shared("settings.json")
  const alarms: readonly { readonly enabled?: boolean }[] = shared("alarms.json")
  expect(numbers.get("memory_gb")).toBeCloseTo(memoryMegabytes / 1_024, 2)
  expect(numbers.get("storage_gb")).toBe(database.storageGigabytes)
  expect(numbers.get("loader_limit")).toBe(functions.loader.reservedConcurrency)
  expect(numbers.get("alarms")).toBe(alarms.filter(({ enabled }) => enabled !== false).length)
  expect(numbers.get("stage_limit")).toBe(shared("state-machine.asl.json").States.Stage.MaxConcurrency)
})

test("the other pages give the same numbers", () => {
  const about = (name: string, factor = 1) => Number(((numbers.get(name) ?? Number.NaN) * factor).toPrecision(2)).toLocaleString("en-US")
  const millions = (name: string) => about(name, (numbers.get("call_s") ?? Number.NaN) / 1e6)
  for (const page of ["terraform", "cdk"])
    expect(text(`docs/aws/deploy-with-${page}.md`)).toContain(`about ${about("stack_month")} dollars a month`)
  expect(text("docs/aws/deploy-with-terraform.md")).toContain(`about ${about("try_month")} dollars a month`)
  expect(text("docs/aws/scaling.md")).toContain(`${millions("upsert_rows_s")} to ${millions("append_rows_s")} million rows`)
  const limits = text("docs/aws.md").replace(/\s+/g, " ")
  expect(limits).toContain(`about ${about("append_rows_s")} staged rows a second`)
  expect(limits).toContain(`and ${about("upsert_rows_s")} in \`upsert\``)
  expect(limits).toContain(`that is ${millions("append_rows_s")} and ${millions("upsert_rows_s")} million rows`)
})

test("arithmetic follows the usual rules", () => {
  expect(evaluate("2 + 3 * (a - 1) / 4", new Map([["a", 5]]))).toBe(5)
  expect(evaluate("1,000 * 1e3 - 8 - 2", new Map())).toBe(999_990)
  expect(() => evaluate("b", new Map())).toThrow("unknown name b")
  expect(() => evaluate("2 ^ 3", new Map())).toThrow("no arithmetic")
  expect(() => evaluate("(2", new Map())).toThrow("parenthesis")
})
