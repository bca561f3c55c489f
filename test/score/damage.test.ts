import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { z } from "zod"
import type { AnyCheck, ColumnCheck, RuleOptions } from "../../src/contract/check.ts"
import type { Stage } from "../../src/contract/stage.ts"
import { dimensions } from "../../src/model/dimension.ts"
import { compose, declareAll } from "../../src/pipeline/build/compose.ts"
import { createRuleset } from "../../src/score/ruleset.ts"
import type { ScoreOptions } from "../../src/score/score-options.ts"
import { scorecard } from "../../src/score/scorecard.ts"
import { Scorer } from "../../src/score/scorer.ts"
import { defaultWeights, type Weights } from "../../src/score/weights.ts"
import { check } from "../../src/validate/check.ts"
import { foreignKey } from "../../src/validate/foreign-key.ts"
import { unique } from "../../src/validate/unique.ts"
import { validate } from "../../src/validate/validate.ts"
import { bytesColumn } from "../model/layouts.ts"
import { runStage, tableOf } from "../run-stage.ts"

const columns = ["id", "country", "amount", "net", "on", "note"] as const
type Name = (typeof columns)[number]
type Cells = { readonly [C in Name]: string | null }

const Row = z.object({
  id: z.int(),
  country: z.string(),
  amount: z.number().max(1000),
  net: z.number().nullable(),
  on: z.date(),
  note: z.string().optional(),
})
type Row = z.infer<typeof Row>

/** A rule with the columns that it reads, whether or not it names them. */
interface KnownRule {
  readonly check: AnyCheck<Row>
  readonly reads: readonly Name[]
  readonly options?: RuleOptions<Row>
}

function columnCheck(name: string, own: RuleOptions<Row>, fails: (row: Row) => boolean): ColumnCheck<Row> {
  return {
    ...own,
    kind: "column",
    name,
    test(batch, fail) {
      for (const row of batch.selection) {
        const cells = Object.fromEntries(
          Object.entries(batch.columns).map(([column, values]) => [column, values.at(row)]),
        ) as unknown as Row
        if (fails(cells)) fail(row, { code: name, message: name })
      }
    },
  }
}

const rules: { readonly [name: string]: KnownRule } = {
  net: {
    reads: ["amount", "net"],
    options: { columns: ["amount", "net"], dimension: "consistency" },
    check: ({ net, amount }) => (net !== null && net > amount ? { code: "net", message: "more than the whole" } : undefined),
  },
  netBlamed: {
    reads: ["amount", "net"],
    options: { columns: ["amount", "net"], dimension: "consistency" },
    check: ({ net, amount }) => (net === amount ? { code: "net", message: "all of it", column: "net" } : undefined),
  },
  odd: {
    reads: ["amount"],
    options: { columns: ["amount"], dimension: "accuracy" },
    check: ({ amount }) => (amount === 13 ? { code: "odd", message: "odd", severity: "warning" } : undefined),
  },
  unsure: {
    reads: ["note"],
    options: { columns: ["note"], dimension: "accuracy" },
    check: ({ note }) => (note === "m" ? { code: "unsure", message: "unsure", confidence: 0.3, severity: "warning" } : undefined),
  },
  ofRow: {
    reads: ["country", "net"],
    options: { dimension: "accuracy" },
    check: ({ country, net }) => (country === "FR" && net === 5 ? { code: "fr", message: "no such price" } : undefined),
  },
  validRow: {
    reads: ["note", "on"],
    check: ({ note, on }) => (note === "n" && on.getUTCFullYear() === 2020 ? { code: "late", message: "late note" } : undefined),
  },
  byColumn: {
    reads: ["amount", "country"],
    check: columnCheck(
      "byColumn",
      { columns: ["amount", "country"], dimension: "accuracy" },
      ({ amount, country }) => amount > 9 && country === "DE",
    ),
  },
  wholeRow: {
    // It judges passing rows only, so each cell of the row decides whether it sees the row.
    reads: columns,
    check: columnCheck("wholeRow", { dimension: "consistency" }, ({ net, country }) => net === 5 && country === "DE"),
  },
  known: { reads: ["country"], check: foreignKey("country", ["DE", "FR"]) },
  uniqueId: { reads: ["id"], check: unique("id") },
  uniquePair: { reads: ["country", "amount"], check: unique("country", "amount") },
}

interface Contract {
  readonly rules: readonly string[]
  readonly weights: Weights
  readonly score: ScoreOptions<{ readonly [C in Name]: unknown }>
}

const contracts: fc.Arbitrary<Contract> = fc.record({
  rules: fc.subarray(Object.keys(rules)),
  weights: fc.tuple(...dimensions.map(() => fc.nat(40))).map((given) => {
    const weights = Object.fromEntries(dimensions.map((dimension, at) => [dimension, given[at] ?? 0])) as Weights
    return { ...weights, validity: weights.validity + 1 }
  }),
  score: fc.record({
    expected: fc.subarray<Name>(["note", "net"]),
    timeliness: fc.option(fc.constant({ column: "on" as const }), { nil: undefined }),
    criticality: fc.dictionary(fc.constantFrom(...columns), fc.constantFrom(0, 0.5, 1, 3), { noNullPrototype: true }),
  }),
})

const rows = fc.array(
  fc.record({
    id: fc.constantFrom("1", "2", "3", "4", "5", "6", "x"),
    country: fc.constantFrom("DE", "FR", "XX", null),
    amount: fc.constantFrom("5", "10", "13", "2000", "?", null),
    net: fc.constantFrom("5", "50", null),
    on: fc.constantFrom("2025-07-01", "2025-06-01", "2020-01-01", "soon", null),
    note: fc.constantFrom("n", "m", null),
  }),
  { minLength: 1, maxLength: 6 },
)

/** Each kind of damage that a rule can detect. */
const damages: { readonly [C in Name]: readonly (string | null)[] } = {
  id: ["no number", null, "1"],
  country: ["Atlantis", null],
  amount: ["much", "13", "5000", null],
  net: ["little", "5", "2000"],
  on: ["one day", "1990-01-01", null],
  note: [null, "m"],
}

/** The overall score of rows, and which cells are clean: no violated rule reads them. */
async function scoreOf({ rules: names, weights, score }: Contract, given: readonly Cells[]) {
  const checks = names.map((name) => {
    const { check: test, options = {} } = rules[name] as KnownRule
    return check<Row>(test, typeof test === "function" ? { ...options, name } : options)
  })
  const stage = checks.reduce<Stage<unknown, Row>>((all, each) => compose(all, each), validate(Row))
  const ruleset = createRuleset(declareAll([stage]).rules, score as ScoreOptions<{ [column: string]: unknown }>)
  const table = tableOf(Object.fromEntries(columns.map((column) => [column, bytesColumn(given.map((row) => row[column]))])))
  const scorer = new Scorer(ruleset, weights, new Date("2025-07-01"))
  const [batch] = await runStage<unknown, Row>(stage, [table])
  if (batch !== undefined) scorer.add(batch)
  const violated = new Map(names.map((name) => [ruleName(name), (rules[name] as KnownRule).reads] as const))
  const keys = names.map((name) => rules[name] as KnownRule).filter(({ check: test }) => typeof test === "object" && test.kind === "key")
  const isStale = (row: number) => score.timeliness !== undefined && !(Date.parse(given[row]?.on ?? "") >= Date.parse("2025-07-01"))
  const isClean = (row: number, column: Name) =>
    given[row]?.[column] !== null &&
    !(column === "on" && isStale(row)) &&
    !(batch?.issues.of(row) ?? []).some(({ rule, column: blamed }) => violated.get(rule)?.includes(column) ?? blamed === column) &&
    !keys.some(({ reads }) => reads.includes(column) && given.some((other, at) => at !== row && isSameKey(reads, other, given[row])))
  return { overall: scorecard(scorer.tally, ruleset, weights).overall ?? -1, isClean }
}

function ruleName(name: string): string {
  const { check: test } = rules[name] as KnownRule
  return typeof test === "function" ? name : test.name
}

function isSameKey(key: readonly Name[], one: Cells, other: Cells | undefined): boolean {
  return key.every((column) => one[column] === other?.[column])
}

const plain: Contract = {
  rules: ["net", "odd", "known", "uniqueId"],
  weights: defaultWeights,
  score: { expected: ["note"], timeliness: { column: "on" } },
}
const clean: Cells = { id: "0", country: "DE", amount: "10", net: "5", on: "2025-07-01", note: "n" }

describe("damaging a cell that no violated rule reads", () => {
  test("never raises the score, for any table, rules, weights and damage", async () => {
    let raised = 0
    let damaged = 0
    await fc.assert(
      fc.asyncProperty(contracts, rows, fc.nat(5), fc.constantFrom(...columns), fc.nat(3), async (contract, given, at, column, kind) => {
        const row = at % given.length
        const before = await scoreOf(contract, given)
        const damage = damages[column][kind % damages[column].length] ?? null
        fc.pre(before.isClean(row, column) && given[row]?.[column] !== damage)
        const after = await scoreOf(
          contract,
          given.map((cells, index) => (index === row ? { ...cells, [column]: damage } : cells)),
        )
        damaged++
        if (after.overall > before.overall + 1e-9) raised++
        expect(after.overall).toBeLessThanOrEqual(before.overall + 1e-9)
      }),
      { numRuns: 400 },
    )
    expect([raised, damaged > 350]).toEqual([0, true])
  })

  test("lowers the score in proportion to how many cells are damaged, and only that of the dimension", async () => {
    const lost: number[] = []
    for (let damaged = 0; damaged < 100; damaged += 10) {
      const given = Array.from({ length: 100 }, (_, row): Cells => ({ ...clean, id: String(row), amount: row < damaged ? "?" : "10" }))
      lost.push(100 - (await scoreOf(plain, given)).overall)
    }
    for (const [step, points] of lost.entries()) expect(points).toBeCloseTo(step * (lost[1] ?? 0), 9)
    expect(lost[1]).toBeGreaterThan(0)
  })
})

/** The score by one dimension only, before and after a cell of the first row is damaged. */
async function alone(rule: string, dimension: keyof Weights, given: readonly Cells[], column: Name, damage: string | null) {
  const none = Object.fromEntries(dimensions.map((each) => [each, each === dimension ? 1 : 0])) as Weights
  const contract = { ...plain, rules: [rule], weights: none }
  const after = given.map((cells, row) => (row === 0 ? { ...cells, [column]: damage } : cells))
  return [(await scoreOf(contract, given)).overall, (await scoreOf(contract, after)).overall] as const
}

describe("damage that hides a loss raises the score, as the guide proves", () => {
  test("if a violated rule reads the cell", async () => {
    const [before, after] = await alone("net", "consistency", [{ ...clean, net: "50" }, clean], "amount", "?")
    expect([before, after]).toEqual([50, 100])
  })

  test("if the cell is the key of a row that another one repeats", async () => {
    const [before, after] = await alone("uniqueId", "uniqueness", [clean, clean], "id", "x")
    expect([before, after]).toEqual([50, 100])
  })

  test("if a check of passing rows no longer sees the row", async () => {
    const [before, after] = await alone("wholeRow", "consistency", [clean, { ...clean, net: null }], "note", null)
    expect([before, after]).toEqual([50, 50])
    const [sound, damaged] = await alone("wholeRow", "consistency", [clean, { ...clean, net: null }], "on", "soon")
    expect([sound, damaged]).toEqual([50, 100])
  })
})
