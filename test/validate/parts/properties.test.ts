import fc from "fast-check"
import { expect, test } from "vitest"
import { z } from "zod"
import { type KeyCheck, runCheck } from "../../../src/contract/check.ts"
import type { Batches } from "../../../src/model/batch.ts"
import type { Row } from "../../../src/model/cell-value.ts"
import { columnOf } from "../../../src/model/column-of.ts"
import { TableBatch } from "../../../src/model/table-batch.ts"
import { compose } from "../../../src/pipeline/build/compose.ts"
import { computed, filter, map } from "../../../src/pipeline/build/stages.ts"
import { check } from "../../../src/validate/check.ts"
import { foreignKey } from "../../../src/validate/foreign-key.ts"
import { unique } from "../../../src/validate/unique.ts"
import { validate } from "../../../src/validate/validate.ts"
import { type AnyStage, type MakePart, validateAtOnce, validateInParts } from "./in-parts.ts"

interface Cells {
  readonly a: number | null
  readonly b: string | null
  readonly c: number | null
}

/** Fails every third passing row of the file. */
const everyThird = runCheck<Cells, { rows: number }>({
  kind: "run",
  name: "everyThird",
  begin: () => ({ rows: 0 }),
  test(batch, state, fail) {
    for (const row of batch.selection) if (++state.rows % 3 === 0) fail(row, { code: "third", message: `Row ${state.rows}.` })
  },
  merge: (one, other) => ({ rows: one.rows + other.rows }),
})

/** Fails some values first, and then counts only the rows that it has not failed. */
const quota = runCheck<Cells, { sum: number }>({
  kind: "run",
  name: "quota",
  columns: ["c"],
  dimension: "accuracy",
  begin: async () => ({ sum: 0 }),
  test(batch, state, fail) {
    for (const row of batch.selection) if (batch.columns.c.at(row) === 3) fail(row, { code: "three", message: "It is three." })
    for (const row of batch.selection) {
      if (state.sum > 5) batch.fail(row, { code: "quota", message: `${state.sum} is too much.`, severity: "warning", confidence: 0.3 })
      state.sum += batch.columns.c.at(row) ?? 0
    }
  },
  merge(one, other) {
    one.sum += other.sum
    return one
  },
})

/** Warns about a value that is less than one before it. */
const rising: KeyCheck<"c", { greatest: number }> = {
  kind: "key",
  name: "rising",
  columns: ["c"],
  dimension: "consistency",
  begin: () => ({ greatest: Number.NEGATIVE_INFINITY }),
  test([cells], rows, state, fail) {
    for (const row of rows) {
      const value = Number(cells?.at(row) ?? Number.NaN)
      if (value < state.greatest) fail(row, `${value} comes after ${state.greatest}.`)
      if (value > state.greatest) state.greatest = value
    }
  },
  merge: (one, other) => ({ greatest: Math.max(one.greatest, other.greatest) }),
}

/** Warns about a passing row that has the same text as the passing row with a text before it. */
const repeats = runCheck<Cells, { last?: string }>({
  kind: "run",
  name: "repeats",
  begin: () => ({}),
  test(batch, state, fail) {
    for (const row of batch.selection) {
      const text = batch.columns.b.at(row)
      if (text === null) continue
      if (text === state.last) fail(row, { code: "again", message: `It is ${text} again.` })
      state.last = text
    }
  },
  merge: (one, other) => (other.last === undefined ? one : other),
})

/** Passes on only the rows that still pass, in new batches of another size. */
async function* compact(batches: Batches<Cells>): Batches<Cells> {
  for await (const given of batches) {
    const batch = TableBatch.from<Cells>(given)
    const rows = [...batch.selection]
    for (let at = 0; at < rows.length || at === 0; at += 2) {
      const taken = rows.slice(at, at + 2)
      const columns = batch.names.map((name) => columnOf(taken.map((row) => batch.column(name)?.at(row))))
      yield TableBatch.of<Cells>({
        length: taken.length,
        table: batch.table,
        names: batch.names,
        columns,
        origins: { at: (row) => batch.origin(taken[row] ?? 0) },
      })
    }
  }
}

/** Fails rows by their cells, as a stage of a user does. */
async function* refuse(batches: Batches<Cells>): Batches<Cells> {
  for await (const batch of batches) {
    for (const row of [...batch.selection]) if (batch.columns.a.at(row) === 4) batch.fail(row, { code: "four", message: "It is four." })
    yield batch
  }
}

const Schema = z.object({ a: z.number().max(8).nullable(), b: z.string().nullable(), c: z.number().nullable() })

/** Some stages are functions, because a pipeline may name the same check twice. */
const stages: { readonly [name: string]: () => AnyStage } = {
  uniqueA: () => check<Cells>(unique("a")),
  uniqueB: () => check<Cells>(unique("b")),
  uniqueAB: () => check<Cells>(unique("a", "b")),
  uniqueAsWarning: () => check<Cells>(unique("c"), { name: "ids", dimension: "validity" }),
  everyThird: () => check(everyThird),
  quota: () => check(quota),
  repeats: () => check(repeats),
  rising: () => check<Cells>(rising),
  risingTwice: () => compose(check<Cells>(rising), check<Cells>(rising)) as AnyStage,
  foreignKey: () => check<Cells>(foreignKey("b", ["x", "y", "z"]) as never),
  ofRow: () => check<Cells>(({ a }) => (a === 5 ? { code: "five", message: "It is five." } : undefined), { name: "five", columns: ["a"] }),
  filter: () => filter<Cells>(({ c }) => c !== 1),
  filterB: () => filter<Cells>(({ a }) => a !== 2),
  map: () => map<Cells, Cells>(({ a, b, c }) => ({ a: a === null ? null : a % 7, b, c })),
  computed: () => computed<Cells, "c", number>("c", ({ a, c }) => (a ?? 0) + (c ?? 0)),
  compact: () => compact as AnyStage,
  refuse: () => refuse as AnyStage,
}
const stateful = (names: readonly string[]) =>
  names.reduce((sum, name) => sum + (name === "risingTwice" ? 2 : /unique|everyThird|quota|repeats|rising/.test(name) ? 1 : 0), 0)

const cells = fc.record<Cells>({
  a: fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constantFrom(null, 0.5, 1e12)),
  b: fc.constantFrom("x", "y", "w", null),
  c: fc.constantFrom(0, 1, 2, 3, null),
})
/** Parts of batches of rows; each may be empty. */
const files = fc.array(fc.array(fc.array(cells, { maxLength: 5 }), { maxLength: 3 }), { minLength: 1, maxLength: 5 })
const pipelines = fc.array(fc.constantFrom(...Object.keys(stages)), { minLength: 1, maxLength: 6 })

/** Each row keeps its place in the file as its origin. */
function partsOf(file: readonly (readonly (readonly Cells[])[])[]): MakePart[] {
  let first = 1
  return file.map((batches) => {
    const placed = batches.map((rows) => {
      first += rows.length
      return { rows, base: first - rows.length }
    })
    return () => placed.map(({ rows, base }) => batchOf(rows, base))
  })
}

function batchOf(rows: readonly Cells[], base: number): TableBatch<Row> {
  const names = ["a", "b", "c"] as const
  return TableBatch.of<Row>({
    length: rows.length,
    table: { name: "t", header: names },
    names,
    columns: names.map((name) => columnOf(rows.map((row) => row[name]))),
    origins: { at: (row) => ({ uri: "memory:t", row: base + row }) },
  })
}

test("any checks and stages over any cut of a file give the rows, issues and tally of one pass", async () => {
  let moreRounds = 0
  await fc.assert(
    fc.asyncProperty(files, pipelines, fc.boolean(), fc.constantFrom(undefined, 1), async (file, names, typed, maxBytes) => {
      const make = () => [
        ...(typed ? [validate(Schema) as AnyStage] : []),
        ...names.map((name) => stages[name]?.() ?? expect.unreachable()),
      ]
      const expected = await validateAtOnce(
        make(),
        partsOf(file).flatMap((part) => part()),
      )
      const { validated, rounds } = await validateInParts(make(), partsOf(file), { maxBytes })
      expect(validated).toEqual(expected)
      // Each round settles a check; the last one finds that nothing changes.
      expect(rounds).toBeLessThanOrEqual(stateful(names) + 1)
      if (rounds > 2) moreRounds++
    }),
    { numRuns: 600 },
  )
  expect(moreRounds).toBeGreaterThan(20)
})

test("batches of another size give the same rows, issues and tally", async () => {
  const rows = fc.array(cells, { minLength: 1, maxLength: 40 })
  const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 10 })
  await fc.assert(
    fc.asyncProperty(rows, cuts, pipelines, async (all, sizes, names) => {
      // A batch shows a run check that judges in two passes how many rows there are.
      const make = () => names.filter((name) => name !== "quota").map((name) => stages[name]?.() ?? expect.unreachable())
      const expected = await validateAtOnce(make(), [batchOf(all, 1)])
      let start = 0
      const file = [...sizes, all.length].map((size) => {
        start += size
        return [all.slice(start - size, start)]
      })
      expect((await validateInParts(make(), partsOf(file))).validated).toEqual(expected)
    }),
  )
})
