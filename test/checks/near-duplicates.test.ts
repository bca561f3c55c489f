import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { nearDuplicates } from "../../src/checks/near-duplicates.ts"
import type { Row } from "../../src/model/cell-value.ts"
import { columnOf } from "../../src/model/column-of.ts"
import { TableBatch } from "../../src/model/table-batch.ts"
import { check } from "../../src/validate/check.ts"
import { runStage } from "../run-stage.ts"
import { validateAtOnce, validateInParts } from "../validate/parts/in-parts.ts"

/** A batch whose first row is at `first` in the file. */
function batchOf(rows: readonly Row[], names: readonly string[], first: number): TableBatch<Row> {
  return TableBatch.of<Row>({
    length: rows.length,
    table: { name: "table", header: names },
    names,
    columns: names.map((name) => columnOf(rows.map((row) => row[name] ?? null))),
    origins: { at: (row) => ({ uri: "memory:test", row: row + first }) },
  })
}

/** What the check finds, with the rows of the file, which begins with a header. */
async function foundIn(rule: unknown, rows: readonly Row[], batchRows = 3000) {
  const names = Object.keys(rows[0] ?? {})
  const batches = Array.from({ length: Math.ceil(rows.length / batchRows) }, (_, at) =>
    batchOf(rows.slice(at * batchRows, (at + 1) * batchRows), names, 2 + at * batchRows),
  )
  const made = await runStage(check(rule as never), batches)
  return made.flatMap((batch) => [...batch.issues].map(({ row, issue }) => ({ ...issue, row: batch.origin(row).row })))
}

/** Whether the second row is suspected beside the first. */
async function isAlike(one: Row, other: Row, options = {}): Promise<boolean> {
  const columns = Object.keys(one).filter((name) => name !== "born") as [string, ...string[]]
  const both = await Promise.all(
    [[one, other] as const, [other, one] as const].map((rows) => foundIn(nearDuplicates(columns, options), rows)),
  )
  const [first, second] = both.map((found) => found.length > 0)
  expect(second).toBe(first)
  return first ?? false
}

const anna = { name: "Anna-Lena Müller", street: "Hauptstraße 12", city: "Köln" }

describe("nearDuplicates", () => {
  test.each([
    ["case", { ...anna, name: "ANNA-LENA MÜLLER" }],
    ["accents", { ...anna, name: "Anna-Lena Muller", city: "Koln" }],
    ["letters that stand for others", { ...anna, street: "Hauptstrasse 12" }],
    ["spaces", { ...anna, name: " Anna  Lena Müller" }],
    ["a space that is missing", { ...anna, name: "AnnaLena Müller" }],
    ["punctuation", { ...anna, street: "Hauptstraße, 12." }],
    ["the order of words", { ...anna, name: "Müller, Anna-Lena" }],
    ["the order of words and of a number", { ...anna, street: "12 Hauptstraße" }],
    ["words in another column", { name: "Anna-Lena", street: "Müller, Hauptstraße 12", city: "Köln" }],
    ["a changed letter", { ...anna, name: "Anna-Lena Mulker" }],
    ["a missing letter", { ...anna, street: "Hauptstrase 12" }],
    ["a letter too many", { ...anna, street: "Haupttstraße 12" }],
    ["two letters swapped", { ...anna, street: "Huaptstraße 12" }],
    ["a typo, case and the order of words", { ...anna, name: "MÜLLR, ANNA LENA" }],
  ])("suspects a row that differs in %s", async (_, other) => {
    expect(await isAlike(anna, other)).toBe(true)
  })

  test.each([
    ["a number", { ...anna, street: "Hauptstraße 13" }],
    ["a short word", { ...anna, city: "Kölm" }],
    ["two words", { ...anna, name: "Anna-Lena Mülker", street: "Hauptstrasse 12 x" }],
    ["an empty cell", { ...anna, city: null }],
    ["another word", { ...anna, name: "Anna-Lena Schneider" }],
  ])("does not suspect a row that differs in %s", async (_, other) => {
    expect(await isAlike(anna, other)).toBe(false)
  })

  test("numbers keep their place, and a point between digits counts", async () => {
    expect(await isAlike({ size: "Board 20 x 30" }, { size: "board 20x 30" })).toBe(true)
    expect(await isAlike({ size: "Board 20 x 30" }, { size: "Board 30 x 20" })).toBe(false)
    expect(await isAlike({ item: "Board", wide: "20", high: "30" }, { item: "board", wide: "30", high: "20" })).toBe(false)
    expect(await isAlike({ size: "Juice 1.5 l" }, { size: "Juice 15 l" })).toBe(false)
    expect(await isAlike({ size: "Juice 1.5 l" }, { size: "juice 1,5 l" })).toBe(true)
  })

  test("vowels of other scripts are no accents", async () => {
    expect(await isAlike({ name: "किताब" }, { name: "कताब" })).toBe(false)
  })

  test("names the first row that is alike, what differs, and how much is the same", async () => {
    const rows = [{ name: "Springfield Clinic" }, { name: "springfield  clinic" }, { name: "Sprngfield Clinic" }]
    expect(await foundIn(nearDuplicates(["name"]), rows)).toEqual([
      {
        row: 3,
        code: "duplicate.suspected",
        message: "Row 2 has nearly the same name: only case, accents, spaces, punctuation or the order of words differ.",
        rule: "nearDuplicates.name",
        dimension: "uniqueness",
        column: "name",
        severity: "warning",
        confidence: 0.3,
      },
      expect.objectContaining({
        row: 4,
        message: 'Row 2 has nearly the same name, with "springfield" for "sprngfield" (94 % alike).',
      }),
    ])
  })

  test("leaves equal rows to check.unique, and rows without a letter or a digit alone", async () => {
    const rows = [{ name: "Anna Berg" }, { name: "Anna Berg" }, { name: "ANNA BERG" }, { name: "Anna Berg" }, { name: "-" }, { name: "--" }]
    expect((await foundIn(nearDuplicates(["name"]), rows)).map(({ row }) => row)).toEqual([4])
  })

  test("compares rows with the same values of other columns only, if you name some", async () => {
    const [one, other] = [
      { ...anna, born: "1990-01-02" },
      { ...anna, born: "1990-01-02", name: "Anna-Lena MULLER" },
    ]
    expect(await isAlike(one, other, { by: ["born"] })).toBe(true)
    expect(await isAlike(one, { ...other, born: "1991-01-02" }, { by: ["born"] })).toBe(false)
    expect(await isAlike({ ...one, born: null }, { ...other, born: null }, { by: ["born"] })).toBe(false)
  })

  test("similarity says how much must be the same", async () => {
    const [one, other] = [{ name: "Jonas Weber" }, { name: "Jonas Weper" }]
    expect(await isAlike(one, other)).toBe(true)
    expect(await isAlike(one, other, { similarity: 0.91 })).toBe(false)
    expect(await isAlike({ name: "Weber" }, { name: "Weper" })).toBe(false)
    expect(await isAlike({ name: "Weber" }, { name: "Weper" }, { similarity: 0.8 })).toBe(true)
    expect(await isAlike(one, { name: "JONAS WEBER" }, { similarity: 1 })).toBe(true)
  })

  const word = fc.constantFrom("Springfield", "springfield", "Sprngfield", "Springfeld", "Oakland", "Oaklnad", "12", "13")
  const row = fc.record({
    name: fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(" ")),
    note: fc.constantFrom("a", null),
  })

  test("finds the same pairs in whatever order the rows come", async () => {
    await fc.assert(
      fc.asyncProperty(row, row, async (one, other) => {
        const rule = nearDuplicates(["name", "note"], { similarity: 0.5 })
        const [first, second] = await Promise.all([foundIn(rule, [one, other]), foundIn(rule, [other, one])])
        expect(first.length).toBe(second.length)
      }),
      { numRuns: 300 },
    )
  })

  test("finds in parts what it finds in one pass, even if it cannot remember everything", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(row, { maxLength: 12 }), { minLength: 2, maxLength: 4 }),
        fc.integer({ min: 1, max: 60 }),
        async (parts, most) => {
          const stages = [check(nearDuplicates(["name", "note"], { similarity: 0.5, most }) as never)] as never
          const starts = parts.map((_, at) => 2 + parts.slice(0, at).flat().length)
          const make = (part: readonly Row[], at: number) => () =>
            part.length === 0 ? [] : [batchOf(part, ["name", "note"], starts[at] ?? 0)]
          const whole = await validateAtOnce(
            stages,
            parts.flatMap((part, at) => make(part, at)()),
          )
          const { validated } = await validateInParts(stages, parts.map(make))
          expect(validated.rows.map(({ issues }) => issues)).toEqual(whole.rows.map(({ issues }) => issues))
        },
      ),
      { numRuns: 60 },
    )
  })

  test("says so once if it cannot remember all keys, and goes on with a part of them", async () => {
    const names = Array.from({ length: 4000 }, (_, at) => `Number ${at}`)
    const rows = [...names, ...names.map((name) => name.toUpperCase())].map((name) => ({ name }))
    const found = await foundIn(nearDuplicates(["name"], { most: 1000 }), rows)
    const [notice, ...more] = found.filter(({ code }) => code === "duplicate.partial")
    expect(more).toEqual([])
    expect(notice).toMatchObject({ severity: "warning", confidence: 0 })
    const suspected = found.length - 1
    expect(suspected).toBeGreaterThan(200)
    expect(suspected).toBeLessThan(2000)
    const complete = await foundIn(nearDuplicates(["name"]), rows)
    expect(complete).toHaveLength(4000)
    expect(complete.every(({ code }) => code === "duplicate.suspected")).toBe(true)
  })

  test.each([
    ["the same", () => "Springfield Clinic"],
    [
      "the same but for case",
      (at: number) => Array.from("springfieldclinic", (sign, bit) => ((at >> bit) & 1 ? sign.toUpperCase() : sign)).join(""),
    ],
    [
      "the same but for the middle of a word",
      (at: number) => `Clinic aa${at.toString(2).replaceAll("0", "b").replaceAll("1", "c").padStart(20, "b")}zz`,
    ],
    ["the same but for a number", (at: number) => `Springfield Clinic ${at}`],
    ["of many words", (at: number) => `${"lorem ipsum dolores ".repeat(20)}${at}`],
  ])("rows that are %s take no more time each if there are more of them", async (_, nameOf) => {
    const timed = async (count: number) => {
      const rows = Array.from({ length: count }, (_, at) => ({ name: nameOf(at) }))
      const start = performance.now()
      await foundIn(nearDuplicates(["name"]), rows)
      return performance.now() - start
    }
    const fastest = async (count: number) => Math.min(await timed(count), await timed(count))
    const [few, many] = [await fastest(1500), await fastest(12_000)]
    // Eight times the rows take 64 times as long if each is compared with each.
    expect(many).toBeLessThan(24 * few + 500)
  })
})
