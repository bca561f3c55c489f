import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { z } from "zod"
import { bytes, createPipeline } from "../../src/index.ts"
import type { Column } from "../../src/model/column.ts"
import { columnOf } from "../../src/model/column-of.ts"
import { ValueColumn } from "../../src/model/columns/value-column.ts"
import type { TableBatch } from "../../src/model/table-batch.ts"
import { decimal } from "../../src/normalize/decimal.ts"
import { normalize } from "../../src/normalize/normalize.ts"
import { compose } from "../../src/pipeline/build/compose.ts"
import { filter } from "../../src/pipeline/build/stages.ts"
import { check } from "../../src/validate/check.ts"
import { foreignKey } from "../../src/validate/foreign-key.ts"
import { unique } from "../../src/validate/unique.ts"
import { validate } from "../../src/validate/validate.ts"
import { bytesColumn, textLayouts } from "../model/layouts.ts"
import { runStage, tableOf } from "../run-stage.ts"

type Tables = readonly { readonly [name: string]: Column<unknown> }[]

/** The rows that a key check fails, batch by batch. */
async function failed(rule: ReturnType<typeof unique>, tables: Tables): Promise<number[][]> {
  const made = await runStage(check(rule as never), tables.map((columns) => tableOf(columns)) as never[])
  return made.map((batch) => [...batch.issues].map(({ row }) => row))
}

describe("unique", () => {
  test("compares decimals by value, and other texts as they are", async () => {
    const csv = "c,v\n3.0,a\n3.00,b\n3,c\n-0.0,d\n0,e\n30,f\n300,g\n0.3,h\n1e1,i\n10.,j\n"
    const repeated = async (pipeline: { batches(): AsyncIterable<TableBatch<never>> }) => {
      const found: unknown[] = []
      for await (const batch of pipeline.batches()) for (const { row } of batch.issues) found.push(batch.raw(row)["v"])
      return found
    }
    const file = createPipeline({ name: "keys" }).from(bytes(csv))
    const declared = (normalizer: ReturnType<typeof decimal>) => file.normalize({ columns: { c: normalizer } }).check(unique("c"))
    expect(await repeated(declared(decimal()) as never)).toEqual(["b", "c", "e", "j"])
    expect(await repeated(declared(decimal({ scale: 2 })) as never)).toEqual(["b", "c", "e", "j"])
    const schema = z.object({ c: z.string(), v: z.string() })
    const validated = file.normalize({ columns: { c: decimal() } }).validate(schema)
    expect(await repeated(validated.check(unique("c", "v")) as never)).toEqual([])
    expect(await repeated(validated.pipe(compose(check(unique("c") as never))) as never)).toEqual(["b", "c", "e", "j"])
    expect(await repeated(file.normalize({}).check(unique("c") as never) as never)).toEqual([])
  })

  test("compares decimals of a program's rows by value", async () => {
    const rows = [{ c: "2.50" }, { c: "2.5" }, { c: null }, { c: "25" }]
    const pipeline = createPipeline({ name: "rows" })
      .fromRows(rows)
      .pipe(normalize({ columns: { c: decimal() } }))
      .check(unique("c") as never)
    const found: number[] = []
    for await (const batch of pipeline.batches()) for (const { row } of batch.issues) found.push(row)
    expect(found).toEqual([1])
  })

  test("fails each occurrence of a key after the first, across batches and layouts, and names the key", async () => {
    const tables = Object.values(textLayouts).map((make) => ({ id: make(["a", "b", "a"]) }))
    expect(await failed(unique("id"), tables)).toEqual([[2], [0, 1, 2], [0, 1, 2]])
    const [batch] = await runStage(check(unique("id") as never), [tableOf({ id: bytesColumn(["a", "a"]) })] as never[])
    expect(batch?.issues.of(1)).toEqual([
      {
        code: "duplicate",
        message: "An earlier row has the same id.",
        rule: "unique.id",
        dimension: "uniqueness",
        column: "id",
        severity: "error",
        confidence: 1,
      },
    ])
  })

  test("of several columns compares them together, and ignores keys that contain null", async () => {
    const table = { shop: bytesColumn(["a", "a", "ab", null, null]), no: bytesColumn(["bc", "bc", "c", "1", "1"]) }
    expect(await failed(unique("shop", "no"), [table])).toEqual([[1]])
  })

  test("finds the same duplicates as a Map of keys", async () => {
    const cell = fc.option(fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom("0", "1", "x"), fc.boolean()), { freq: 4 })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(fc.tuple(cell, cell), { maxLength: 12 }), { maxLength: 4 }), async (batches) => {
        const seen = new Set<string>()
        const expected = batches.map((rows) =>
          rows.flatMap((key, row) => {
            const name = JSON.stringify(key)
            const again = seen.has(name)
            if (!key.includes(null)) seen.add(name)
            return again ? [row] : []
          }),
        )
        const tables = batches.map((rows) => ({ a: columnOf(rows.map(([a]) => a)), b: columnOf(rows.map(([, b]) => b)) }))
        expect(await failed(unique("a", "b"), tables)).toEqual(expected)
      }),
    )
  })

  test("counts rows that failed before if their key could be read, and no filtered rows", async () => {
    const Row = z.object({ id: z.number(), note: z.string() })
    const columns = () => ({ id: bytesColumn(["1", "1", "x", "x", "2", "2"]), note: bytesColumn([null, "b", "c", "d", "drop", "e"]) })
    const stage = compose(
      validate(Row),
      filter(({ note }) => note !== "drop"),
      check(unique("id")),
    )
    for (const first of [validate(Row), validate(Row.refine(() => true))]) {
      const [batch] = await runStage(
        compose(
          first,
          filter(({ note }) => note !== "drop"),
          check(unique("id")),
        ),
        [tableOf(columns())],
      )
      expect([0, 1, 2, 3, 4, 5].map((row) => batch?.issues.of(row).map(({ code }) => code))).toEqual([
        ["required"],
        ["duplicate"],
        ["number.unreadable"],
        ["number.unreadable"],
        [],
        [],
      ])
    }
    expect(stage.name).toBe("validate > filter > check unique.id")
  })

  test("starts over with each delivery", async () => {
    const stage = check(unique("id") as never)
    for (let delivery = 0; delivery < 2; delivery++) {
      const [batch] = await runStage(stage, [tableOf({ id: bytesColumn(["a"]) })] as never[])
      expect(batch?.issues.size).toBe(0)
    }
  })

  test("recognises numbers in any layout, however far apart they are", async () => {
    const far = Array.from({ length: 300 }, (_, at) => at * 1e9)
    const near = Array.from({ length: 300 }, (_, at) => at)
    const columns = (numbers: readonly number[]) => [columnOf(numbers), new ValueColumn(numbers)]
    for (const [first, second] of [
      [near, far],
      [far, near],
    ] as const) {
      for (const one of columns(first))
        for (const other of columns(second)) {
          const later = [...columns(first), ...columns(second), columnOf(["0"]), columnOf([0.5])]
          const batches = [one, other, ...later].map((id) => ({ id }))
          expect((await failed(unique("id"), batches)).map((rows) => rows.length)).toEqual([0, 1, 300, 300, 300, 300, 0, 0])
        }
    }
  })

  test("of a missing column stops the run, and lists the existing columns", async () => {
    await expect(failed(unique("key"), [{ id: bytesColumn(["a"]) }])).rejects.toMatchObject({
      code: "PIPELINE_INVALID",
      message: 'The rule unique.key names the column "key", which is not among id.',
    })
  })
})

describe("foreignKey", () => {
  const country = () => tableOf({ country: bytesColumn(["DE", "XX", null]), on: columnOf([new Date(1), new Date(2), null]) })

  test("fails a value that is not among the known keys, but never null", async () => {
    const [batch] = await runStage(check(foreignKey("country", ["DE", "FR"]) as never), [country()] as never[])
    expect([...(batch?.issues ?? [])]).toEqual([
      {
        row: 1,
        issue: {
          code: "foreignKey.unknown",
          message: '"XX" is not among the known values.',
          rule: "foreignKey.country",
          dimension: "consistency",
          column: "country",
          severity: "error",
          confidence: 1,
        },
      },
    ])
  })

  test("refuses a column that is not there, rather than pass every row", async () => {
    const misspelt = runStage(check(foreignKey("county", ["DE"]) as never), [country()] as never[])
    await expect(misspelt).rejects.toMatchObject({ code: "PIPELINE_INVALID", message: expect.stringContaining('"county"') })
  })

  test("reads its keys once per delivery, wherever they are", async () => {
    let read = 0
    const known = {
      name: "the table of dates",
      async *keys() {
        read++
        yield new Date(1)
      },
    }
    const [one, other] = await runStage(check(foreignKey("on", known) as never), [country(), country()] as never[])
    expect(read).toBe(1)
    for (const batch of [one, other]) {
      expect([...(batch?.issues ?? [])].map(({ row, issue }) => [row, issue.message])).toEqual([
        [1, '"1970-01-01T00:00:00.002Z" is not among the table of dates.'],
      ])
    }
  })

  test("judges rows that failed before if the cell could be read", async () => {
    const Row = z.object({ id: z.number(), country: z.string() })
    const columns = { id: bytesColumn(["x", "1"]), country: bytesColumn(["XX", "XX"]) }
    const [batch] = await runStage(compose(validate(Row), check(foreignKey("country", ["DE"]))), [tableOf(columns)])
    expect([0, 1].map((row) => batch?.issues.of(row).map(({ code }) => code))).toEqual([
      ["number.unreadable", "foreignKey.unknown"],
      ["foreignKey.unknown"],
    ])
  })
})
