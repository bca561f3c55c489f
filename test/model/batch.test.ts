import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { columnOf } from "../../src/model/column-of.ts"
import type { Issue } from "../../src/model/issue.ts"
import { TableBatch } from "../../src/model/table-batch.ts"

interface Item {
  readonly id: number
  readonly name: string | null
}

const warning: Issue = { code: "w", message: "odd", rule: "odd", dimension: "accuracy", severity: "warning", confidence: 1 }

function items(length = 4): TableBatch<Item> {
  const ids = Array.from({ length }, (_, row) => row)
  return TableBatch.of<Item>({
    length,
    table: { name: "items", header: ["id", "name"] },
    names: ["id", "name"],
    columns: [columnOf(ids), columnOf(ids.map((id) => (id % 3 === 2 ? null : `n${id}`)))],
    origins: { at: (row) => ({ uri: "memory:items", row: row + 2 }) },
  })
}

describe("a batch", () => {
  test("gives its passing rows as objects, by position and in order", () => {
    const batch = items(3)
    batch.fail(1, { code: "bad", message: "bad" })
    expect([...batch.rows]).toEqual([
      { id: 0, name: "n0" },
      { id: 2, name: null },
    ])
    expect(batch.rows.size).toBe(2)
    expect(batch.rows.at(1)).toBeUndefined()
    expect(batch.rows.at(2)).toEqual({ id: 2, name: null })
  })

  test("shares marks, issues and quality with every batch that was derived from it", () => {
    const batch = items()
    const doubled = batch.withColumn("twice", ({ id }) => id * 2)
    const mapped = doubled.map(({ twice }) => ({ twice }))
    mapped.fail(0, { code: "bad", message: "bad" })
    mapped.quality = Float64Array.of(1, 2, 3, 4)
    for (const form of [batch, doubled, mapped]) {
      expect(form.selection.has(0)).toBe(false)
      expect(form.issues.of(0).map(({ code }) => code)).toEqual(["bad"])
      expect(form.quality?.[3]).toBe(4)
    }
  })

  test("replaces columns and never writes them", () => {
    const batch = items()
    const renamed = batch.withColumn("name", ({ id }) => `new ${id}`)
    expect(batch.columns.name.at(0)).toBe("n0")
    expect(renamed.columns.name.at(0)).toBe("new 0")
    expect(renamed.columns.id).toBe(batch.columns.id)
    expect(renamed.names).toEqual(["id", "name"])
  })

  test("keeps the file's own cells, names and origins, whatever stages made of them", () => {
    const batch = items()
    const mapped = batch.map(({ id }) => ({ key: String(id) })).withColumn("more", () => 1)
    expect(mapped.raw(2)).toEqual({ id: 2, name: null })
    expect(mapped.origin(2)).toEqual({ uri: "memory:items", row: 4 })
    expect(mapped.table).toBe(batch.table)
    expect(mapped.names).toEqual(["key", "more"])
  })

  test("a computed column is null in rows that do not pass, and its function is not called for them", () => {
    const batch = items()
    batch.fail(1, { code: "bad", message: "bad" })
    const asked: number[] = []
    const computed = batch.withColumn("twice", ({ id }) => asked.push(id))
    expect(asked).toEqual([0, 2, 3])
    expect(computed.columns.twice.at(1)).toBeNull()
  })

  test("a warning leaves the row in, an error takes it out, and both stay with it", () => {
    const batch = items()
    batch.mark(0, warning)
    expect(batch.selection.has(0)).toBe(true)
    batch.fail(0, { code: "bad", message: "bad", column: "id", severity: "error", confidence: 0.5, suggestion: "mend" })
    expect(batch.selection.has(0)).toBe(false)
    expect(batch.reject(0)).toEqual({
      origin: { uri: "memory:items", row: 2 },
      raw: { id: 0, name: "n0" },
      issues: [
        warning,
        {
          code: "bad",
          message: "bad",
          rule: "bad",
          dimension: "validity",
          column: "id",
          severity: "error",
          confidence: 0.5,
          suggestion: "mend",
        },
      ],
    })
    expect([...batch.issues]).toHaveLength(2)
    expect(batch.issues.size).toBe(2)
  })

  test("passing, rejected and filtered rows add up to all rows, in whatever order rows were filtered and failed", () => {
    const step = fc.record({ row: fc.nat(29), kind: fc.constantFrom("fail", "warn", "drop", "filter") })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.array(step), (length, steps) => {
        const batch = items(length)
        const errors = new Set<number>()
        for (const { row, kind } of steps) {
          if (row >= length) continue
          if (kind === "fail" && !batch.dropped(row)) errors.add(row)
          if (kind === "fail") batch.fail(row, { code: "bad", message: "bad" })
          else if (kind === "warn") batch.mark(row, warning)
          else if (kind === "drop") batch.drop(row)
          else batch.filter(({ id }) => id !== row)
        }
        expect([...batch.rejected()]).toEqual([...errors].sort((one, other) => one - other))
        expect(batch.selection.size + batch.filtered + errors.size).toBe(length)
        expect([...batch.kept()]).toEqual([...batch.selection, ...batch.rejected()].sort((one, other) => one - other))
      }),
    )
  })

  test("refuses to mark a row that it does not have", () => {
    expect(() => items(3).fail(3, { code: "bad", message: "bad" })).toThrow(RangeError)
    expect(() => items(0).fail(0, { code: "bad", message: "bad" })).toThrow(/Row 0 .* 0 rows/)
  })

  test("gives the text of a row that fits no columns in place of its cells", () => {
    const { table, names, shape } = items(2)
    const columns = shape.columns
    const batch = TableBatch.of({
      length: 2,
      table,
      names,
      columns,
      origins: { at: (row) => ({ uri: "u", row }) },
      unread: new Map([[1, "a,b"]]),
    })
    expect(batch.raw(1)).toEqual({ _raw: "a,b" })
    expect(batch.raw(0)).toEqual({ id: 0, name: "n0" })
  })

  test("leaves absent columns out of its rows if they are null", () => {
    const batch = items(3)
    const optional = batch.withShape<{ readonly id: number; readonly name?: string }>({ ...batch.shape, absent: new Set(["name"]) })
    expect([...optional.rows]).toStrictEqual([{ id: 0, name: "n0" }, { id: 1, name: "n1" }, { id: 2 }])
  })
})

describe("TableBatch.from", () => {
  test("gives back a batch that rowgate made", () => {
    const batch = items()
    expect(TableBatch.from(batch)).toBe(batch)
  })

  test.each<[string, (batch: TableBatch<Item>) => unknown]>([
    ["a spread of a batch", (batch) => ({ ...batch })],
    ["a proxy of a batch", (batch) => new Proxy(batch, {})],
    ["null", () => null],
    ["rows", () => [{ id: 1, name: null }]],
  ])("refuses %s", (_, imitate) => {
    expect(() => TableBatch.from(imitate(items()) as TableBatch<Item>)).toThrow(
      expect.objectContaining({ code: "PIPELINE_INVALID", remedy: "Make batches with toBatches(...)." }),
    )
  })
})
