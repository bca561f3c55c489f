import { expect, test } from "vitest"
import { TableBatch } from "../../../src/model/table-batch.ts"
import { ColumnProfiler } from "../../../src/profile/drift/column-profiler.ts"
import { DeliveryProfiler } from "../../../src/profile/drift/delivery-profiler.ts"
import { pooled } from "../../../src/profile/drift/pooled.ts"
import { RowSampler } from "../../../src/profile/drift/sampled-rows.ts"
import { OrderedBuckets } from "../../../src/sketch/ordered-buckets.ts"
import { batchOf, normal, profilerOf, random, type Table } from "./history.ts"

function shuffled<T>(items: readonly T[], next: () => number): T[] {
  return items
    .map((item) => [next(), item] as const)
    .sort(([one], [other]) => one - other)
    .map(([, item]) => item)
}

const wild = (next: () => number): number => {
  const kinds = [
    () => normal(next),
    () => Math.exp(20 * normal(next)),
    () => Math.floor(next() * 50),
    () => -0,
    () => -1e300 * next(),
    () => 1e-310,
  ]
  return kinds[Math.floor(next() * kinds.length)]?.() ?? 0
}

test("buckets are the same for any order and partition of the numbers", () => {
  for (let seed = 1; seed <= 40; seed++) {
    const next = random(seed)
    const numbers = Array.from({ length: 3000 }, () => wild(next))
    const whole = new OrderedBuckets(64)
    for (const number of numbers) whole.add(number, 3)
    const parts = Array.from({ length: 7 }, () => new OrderedBuckets(64))
    for (const number of shuffled(numbers, next)) parts[Math.floor(next() * 7)]?.add(number, 3)
    const merged = new OrderedBuckets(64)
    for (const part of shuffled(parts, next)) merged.merge(OrderedBuckets.from(64, JSON.parse(JSON.stringify(part.state()))))
    expect(JSON.stringify(merged.state())).toBe(JSON.stringify(whole.state()))
    expect(whole.size).toBeLessThanOrEqual(64)
  }
})

test("buckets are in the order of their numbers", () => {
  const numbers = [Number.NEGATIVE_INFINITY, -1e9, -2, -1, -1e-9, 0, 1e-9, 1, 2, 1e9, Number.POSITIVE_INFINITY]
  const buckets = numbers.map((number) => {
    const sketch = new OrderedBuckets(64)
    sketch.add(number)
    return sketch.entries()[0]?.[0] ?? Number.NaN
  })
  expect(buckets).toEqual([...buckets].sort((one, other) => one - other))
  expect(new Set(buckets).size).toBe(numbers.length)
})

const cells = (next: () => number): Table => ({
  number: Array.from({ length: 4000 }, () => (next() < 0.1 ? null : wild(next))),
  word: Array.from({ length: 4000 }, () => ["a", "b", "Cc", null][Math.floor(next() * 4)]),
  name: Array.from({ length: 4000 }, () => `${"x".repeat(1 + Math.floor(next() * 5))}${Math.floor(next() * 1e6)}`),
  date: Array.from({ length: 4000 }, () => new Date(1.7e12 + Math.floor(next() * 1e10))),
})

test("profilers of parts merge to that of the whole, in any order and to the bit", () => {
  for (let seed = 1; seed <= 10; seed++) {
    const next = random(seed)
    const table = cells(next)
    const batch = batchOf(table)
    const sample = new RowSampler().of(0, 1500)
    const rows = Array.from({ length: sample.count }, (_, at) => [sample.rows[at] ?? 0, sample.weights[at] ?? 0] as const)
    for (const name of batch.names) {
      const column = batch.column(name)
      if (column === undefined) throw new Error(name)
      const add = (profiler: ColumnProfiler, some: typeof rows) => {
        profiler.count(some.length, 0)
        const [places, weights] = [Int32Array.from(some, ([row]) => row), Float64Array.from(some, ([, weight]) => weight)]
        profiler.add(column, { rows: places, weights, count: some.length }, false)
      }
      const whole = new ColumnProfiler()
      add(whole, rows)
      const parts = Array.from({ length: 5 }, (_, part) => {
        const profiler = new ColumnProfiler()
        add(
          profiler,
          shuffled(rows, next).filter(([row]) => row % 5 === part),
        )
        return profiler
      })
      const merged = new ColumnProfiler()
      for (const part of shuffled(parts, next)) merged.merge(part)
      expect(JSON.stringify(merged.profile(name))).toBe(JSON.stringify(whole.profile(name)))
    }
  }
})

test("profiles of deliveries pool to the same, in any order", () => {
  const next = random(9)
  const profiles = Array.from({ length: 8 }, () => profilerOf(cells(next)).profiles()).flatMap((columns) =>
    columns.filter(({ column }) => column === "number"),
  )
  const shown = (some: typeof profiles) => {
    const { numbers, values: _, ...rest } = pooled(some)
    return JSON.stringify([rest, numbers?.state()])
  }
  expect(shown(shuffled(profiles, next))).toBe(shown(profiles))
})

test("the sample is the same for any batches, and its weights add up to the rows", () => {
  const next = random(2)
  for (const total of [10, 1024, 2048, 2049, 5000, 100_000]) {
    const taken = (sizes: () => number) => {
      const sampler = new RowSampler()
      const all: string[] = []
      for (let at = 0; at < total; ) {
        const length = Math.min(sizes(), total - at)
        const { count, rows, weights } = sampler.of(at, length)
        for (let n = 0; n < count; n++) all.push(`${at + (rows[n] ?? 0)} ${weights[n]}`)
        at += length
      }
      return all
    }
    const whole = taken(() => total)
    expect(taken(() => 1 + Math.floor(next() * 700))).toEqual(whole)
    const sum = whole.reduce((weight, each) => weight + Number(each.split(" ")[1]), 0)
    expect(Math.abs(sum - total)).toBeLessThanOrEqual(total / 500)
  }
})

test("a profile has at most 2 kB and no text of the file", () => {
  const next = random(4)
  const profiles = profilerOf({
    ...cells(next),
    code: Array.from({ length: 4000 }, () => `SECRET${Math.floor(next() * 400)}`),
    wide: Array.from({ length: 4000 }, () => 10 ** (300 * (next() - 0.5))),
    odd: Array.from({ length: 4000 }, () => "!§$%&/()=?*+#'"[Math.floor(next() * 14)]?.repeat(60)),
  }).profiles()
  for (const profile of profiles) expect(JSON.stringify(profile).length, profile.column).toBeLessThanOrEqual(2048)
  expect(JSON.stringify(profiles)).not.toContain("SECRET")
})

test("of a redacted column, only rows and nulls are counted", () => {
  const next = random(4)
  const [, word] = profilerOf(cells(next), (column) => column === "word").profiles()
  expect(Object.keys(word ?? {})).toEqual(["column", "rows", "nulls"])
})

test("a column that turns out to be redacted later loses its sample", () => {
  let isHidden = false
  const profiler = new DeliveryProfiler({ hides: () => isHidden, readsNumbers: () => false })
  profiler.add(batchOf({ iban: ["DE1", null] }))
  isHidden = true
  expect(profiler.profiles()).toEqual([{ column: "iban", rows: 2, nulls: 1 }])
})

test("only passing rows are profiled", () => {
  const profiler = new DeliveryProfiler({ hides: () => false, readsNumbers: () => false })
  const batch = TableBatch.from(batchOf({ n: [1, null, 2, null], t: ["a", "b", "b", "b"] }))
  batch.fail(3, { code: "own", message: "no" })
  profiler.add(batch)
  expect(profiler.profiles().map(({ rows, nulls, sample }) => [rows, nulls, sample?.weight])).toEqual([
    [3, 1, 2],
    [3, 0, 3],
  ])
})

test("decimals that are texts are numbers where the column declares them", () => {
  const profiler = new DeliveryProfiler({ hides: () => false, readsNumbers: (column) => column === "price" })
  profiler.add(batchOf({ price: ["1.50", "2.25", "x"], code: ["1.50", "2.25", "x"] }))
  const [price, code] = profiler.profiles()
  expect(price?.sample?.numbers?.buckets).toHaveLength(4)
  expect(code?.sample?.numbers).toBeUndefined()
})
