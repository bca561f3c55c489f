import { expect, test } from "vitest"
import { Random } from "../../../examples/data/random.ts"
import type { Row } from "../../../src/model/cell-value.ts"
import { toBatches } from "../../../src/model/to-batches.ts"
import { ObservedTable } from "../../../src/profile/rules/observed-table.ts"
import { proposeRules } from "../../../src/profile/rules/propose-rules.ts"
import type { ProposedRule } from "../../../src/profile/rules/proposed-rule.ts"

type Kinds = ConstructorParameters<typeof ObservedTable>[0]

async function rulesOf(kinds: { readonly [name: string]: Kinds[number]["kind"] }, rows: readonly Row[]): Promise<readonly ProposedRule[]> {
  const table = new ObservedTable(Object.entries(kinds).map(([name, kind]) => ({ name, kind })))
  for await (const batch of toBatches(rows, { columns: Object.keys(kinds), batchRows: 70 })) table.add(batch)
  return proposeRules(table)
}

const many = (count: number, row: (random: Random, at: number) => Row) =>
  Array.from({ length: count }, (_, at) => row(new Random(at, 5), at))

const ofKind = <K extends ProposedRule["kind"]>(rules: readonly ProposedRule[], kind: K) =>
  rules.filter((rule): rule is Extract<ProposedRule, { kind: K }> => rule.kind === kind)

const totals = (rules: readonly ProposedRule[]) => rules.flatMap((rule) => (rule.kind === "sum" || rule.kind === "product" ? [rule] : []))

test("numbers without a relation have no sum and no product, whatever their sizes are", async () => {
  const kinds = { a: "integer", b: "integer", c: "integer", d: "decimal", e: "decimal", flag: "integer", zero: "integer" } as const
  const rows = many(400, (random) => ({
    a: random.below(10),
    b: random.below(10),
    c: random.below(20),
    d: (random.below(1000) / 100).toFixed(2),
    e: (random.below(100_000) / 100).toFixed(2),
    flag: random.below(2),
    zero: 0,
  }))
  const rules = await rulesOf(kinds, rows)
  expect([...totals(rules), ...ofKind(rules, "order")]).toEqual([])
})

test("a sum of three parts is found beside other numbers, with the rows that break it", async () => {
  const kinds = { id: "integer", goods: "decimal", freight: "decimal", tax: "decimal", total: "decimal", weight: "decimal" } as const
  const rows = many(500, (random, at) => {
    const [goods, freight, tax] = [1000 + random.below(50_000), random.below(3) * 495, random.below(9000)]
    const total = goods + freight + tax + (at === 123 ? 1 : 0)
    const text = (cents: number) => (cents / 100).toFixed(2)
    return { id: at, goods: text(goods), freight: text(freight), tax: text(tax), total: text(total), weight: text(random.below(9999)) }
  })
  const [sum, ...more] = totals(await rulesOf(kinds, rows))
  expect(more).toEqual([])
  expect(sum).toMatchObject({ kind: "sum", parts: ["goods", "freight", "tax"], total: "total", rows: 500, exceptions: 1, thin: undefined })
  expect(sum?.exceptionRows).toHaveLength(1)
})

test("a chain of dates has one rule for each step", async () => {
  const day = 86_400_000
  const kinds = { shipped: "date", ordered: "date", paid: "date" } as const
  const rows = many(200, (random) => {
    const ordered = Date.UTC(2025, 0, 1) + random.below(300) * day
    const paid = ordered + random.below(5) * day
    return {
      shipped: new Date(paid + random.below(5) * day),
      ordered: new Date(ordered),
      paid: random.next() < 0.1 ? null : new Date(paid),
    }
  })
  const rules = ofKind(await rulesOf(kinds, rows), "order")
  expect(rules.map(({ first, second, thin }) => [first, second, thin])).toEqual([
    ["ordered", "paid", undefined],
    ["paid", "shipped", undefined],
  ])
})

test("a column is required if 73 rows have a value, and a known list needs values that repeat", async () => {
  const kinds = { colour: "text", name: "text" } as const
  const row = (_: Random, at: number) => ({ colour: ["red", "blue"][at % 2] ?? "", name: `n${at}` })
  const thinOf = (rules: readonly ProposedRule[]) => ofKind(rules, "required").map(({ column, thin }) => [column, thin])
  expect(thinOf(await rulesOf(kinds, many(72, row)))).toEqual(Object.keys(kinds).map((column) => [column, "72 rows are few"]))
  const enough = await rulesOf(kinds, many(73, row))
  expect(thinOf(enough)).toEqual(Object.keys(kinds).map((column) => [column, undefined]))
  expect(ofKind(enough, "values")).toMatchObject([{ column: "colour", values: ["red", "blue"], thin: undefined }])
  expect(ofKind(enough, "unique")).toMatchObject([{ columns: ["name"], thin: "nothing else says that the values identify a row" }])
})

test("two columns are the key of a table in which no single column is", async () => {
  const kinds = { shop: "text", day: "date", pieces: "integer", note: "text" } as const
  const rows = many(300, (random, at) => ({
    shop: `shop ${at % 10}`,
    day: new Date(Date.UTC(2025, 0, 1 + Math.floor(at / 10))),
    pieces: random.below(50),
    note: random.below(2) === 0 ? null : "x",
  }))
  const [key, ...others] = ofKind(await rulesOf(kinds, rows), "unique")
  expect(others).toEqual([])
  expect(key).toMatchObject({ columns: ["shop", "day"], rows: 300, exceptions: 0, thin: undefined })
  const [broken] = ofKind(await rulesOf(kinds, rows.with(7, rows[6] ?? {})), "unique")
  expect(broken).toMatchObject({ columns: ["shop", "day"], exceptions: 1, exceptionRows: [8] })
})

test("a pair that chance would not have repeated either is a key with thin evidence", async () => {
  const kinds = { customer: "integer", amount: "integer" } as const
  const bought = many(100, (random, at) => ({ customer: at % 50, amount: 1000 * (at < 50 ? 0 : 1) + random.below(200) }))
  expect(ofKind(await rulesOf(kinds, bought), "unique")).toMatchObject([
    { columns: ["customer", "amount"], thin: "so few rows of so many combinations may differ by chance" },
  ])
  const repeated = many(200, (_, at) => ({ customer: at % 5, amount: at % 7 }))
  expect(ofKind(await rulesOf(kinds, repeated), "unique")).toEqual([])
})

/** Digits with the check digit that makes their weighted sum a multiple of ten. */
function ean(number: number): string {
  const digits = String(400_600_000_000 + number)
  const sum = Array.from(digits, Number).reduce((before, digit, at) => before + digit * (at % 2 === 0 ? 1 : 3), 0)
  return `${digits}${(10 - (sum % 10)) % 10}`
}

test("check digits are proposed if all of twenty different values have them", async () => {
  const kinds = { text: "text", number: "integer", few: "text", wrong: "text", other: "integer", isbn: "text" } as const
  const rows = many(60, (random, at) => ({
    text: ean(at * 7919),
    number: Number(ean(at * 7919)),
    few: ean(at % 19),
    wrong: at === 41 ? "4006381333930" : ean(at * 7919),
    other: 4_006_000_000_000 + random.below(1e9),
    isbn: at % 2 === 0 ? "978-0-306-40615-7" : null,
  }))
  const found = ofKind(await rulesOf(kinds, rows), "checksum")
  expect(found).toEqual([
    { kind: "checksum", column: "text", check: "gtin", is: "an article number", rows: 60, exceptions: 0, exceptionRows: [] },
    { kind: "checksum", column: "number", check: "gtin", is: "an article number", rows: 60, exceptions: 0, exceptionRows: [] },
  ])
})

test("columns of random digits, counters and texts have no check digits", async () => {
  const kinds = { id: "integer", code: "text", zip: "text", year: "integer", word: "text" } as const
  const rows = many(500, (random, at) => ({
    id: at,
    code: `A-${random.below(1e6)}`,
    zip: String(10_000 + random.below(89_999)),
    year: 1990 + random.below(40),
    word: ["new", "paid", "sent"][random.below(3)] ?? "",
  }))
  expect(ofKind(await rulesOf(kinds, rows), "checksum")).toEqual([])
})
