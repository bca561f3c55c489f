import { describe, expect, test } from "vitest"
import { z } from "zod"
import { type AnyCheck, type Check, type ColumnCheck, type RunCheck, runCheck } from "../../src/contract/check.ts"
import { declarationOf } from "../../src/contract/rule.ts"
import { RowgateError } from "../../src/errors/rowgate-error.ts"
import { columnOf } from "../../src/model/column-of.ts"
import type { TableBatch } from "../../src/model/table-batch.ts"
import { compose } from "../../src/pipeline/build/compose.ts"
import { map } from "../../src/pipeline/build/stages.ts"
import { check } from "../../src/validate/check.ts"
import { unique } from "../../src/validate/unique.ts"
import { validate } from "../../src/validate/validate.ts"
import { bytesColumn } from "../model/layouts.ts"
import { runStage, stageContext, tableOf } from "../run-stage.ts"

interface Order {
  readonly id: number
  readonly amount: number | null
}

function orders(): TableBatch<Order> {
  return tableOf({ id: columnOf([1, 2, 3]), amount: columnOf([10, -5, null]) }) as TableBatch<never> as TableBatch<Order>
}

const positive: Check<Order> = ({ amount }) =>
  amount !== null && amount < 0 ? { code: "amount.negative", message: `${amount} is negative`, column: "amount" } : undefined

async function issuesOf(rule: AnyCheck<Order>, options = {}) {
  const [batch] = await runStage(check<Order>(rule, options), [orders()])
  return [...(batch?.issues ?? [])].map(({ row, issue }) => ({ row, ...issue }))
}

describe("a check that gives no finding", () => {
  const results: readonly (readonly [given: string, result: () => unknown])[] = [
    ["true", () => true],
    ["false", () => false],
    ["null", () => null],
    ["a string", () => "hunter2"],
    ["a promise", () => Promise.reject(new Error("late"))],
    ["an object", () => ({ code: "a" })],
    ["false", () => [{ code: "a", message: "a" }, false]],
    ["an object", () => ({ code: "a", message: "a", severity: "Error" })],
    ["an object", () => ({ code: "a", message: "a", severity: null })],
    ["an object", () => ({ code: "a", message: "a", confidence: 50 })],
  ]

  test.each(results)("but %s stops the run, and the error names it", async (given, result) => {
    const plausible = result as Check<Order>
    const byColumn: ColumnCheck<Order> = {
      kind: "column",
      name: "plausible",
      test: (_batch, fail) => [result()].flat().forEach((each) => void fail(0, each as never)),
    }
    for (const rule of [Object.defineProperty(plausible, "name", { value: "plausible" }), byColumn]) {
      const fault = await issuesOf(rule).catch((error: unknown) => error)
      expect(fault).toMatchObject({ code: "PIPELINE_INVALID", message: `The check plausible returned ${given} instead of a finding.` })
    }
  })

  test("stops the run for a row that has failed already, too", async () => {
    const batch = orders()
    batch.mark(0, { code: "x", message: "x", rule: "x", dimension: "validity", severity: "error", confidence: 1 })
    const wrong = ((row: Order) => (row.id === 1 ? true : undefined)) as unknown as Check<Order>
    await expect(runStage(check<Order>(wrong, { columns: ["id"] }), [batch])).rejects.toMatchObject({ code: "PIPELINE_INVALID" })
  })
})

describe("a function of a row", () => {
  test("marks the rows with its findings, under its rule and dimension", async () => {
    expect(await issuesOf(positive, { columns: ["amount"], dimension: "accuracy" })).toEqual([
      {
        row: 1,
        code: "amount.negative",
        message: "-5 is negative",
        rule: "positive",
        dimension: "accuracy",
        column: "amount",
        severity: "error",
        confidence: 1,
      },
    ])
  })

  test("may have several findings, warn, state its confidence and suggest", async () => {
    const found = await issuesOf(({ id }) =>
      id !== 2
        ? undefined
        : [
            { code: "a", message: "a", severity: "warning", confidence: 0.25, suggestion: "mend" },
            { code: "b", message: "b" },
          ],
    )
    expect(found).toMatchObject([
      { code: "a", severity: "warning", confidence: 0.25, suggestion: "mend" },
      { code: "b", severity: "error" },
    ])
  })

  test("gets the context of the run", async () => {
    const late: Check<Order> = (_row, { asOf }) => (asOf.getUTCFullYear() === 2026 ? { code: "late", message: "late" } : undefined)
    expect(await issuesOf(late)).toHaveLength(3)
  })

  test("that throws rejects the row, and judges the others", async () => {
    const boom: Check<Order> = ({ id, amount }) => {
      if (id === 2) throw new Error("no such rate")
      return amount === 10 ? { code: "ten", message: "ten" } : undefined
    }
    expect(await issuesOf(boom, { dimension: "consistency" })).toMatchObject([
      { row: 0, code: "ten" },
      {
        row: 1,
        code: "check.threw",
        rule: "boom",
        dimension: "consistency",
        message: "The check boom threw (no such rate).",
        severity: "error",
      },
    ])
  })

  test("that throws a RowgateError stops the run with it", async () => {
    const stop = new RowgateError({ code: "SOURCE_UNREADABLE", message: "the rates are gone" })
    const rule: Check<Order> = () => {
      throw stop
    }
    await expect(issuesOf(rule)).rejects.toBe(stop)
  })
})

describe("a row that has already failed", () => {
  const Row = z.object({ a: z.number(), b: z.number(), c: z.number().nullable() })
  const columns = () => ({ a: bytesColumn(["x", "1"]), b: bytesColumn(["-1", "-1"]), c: bytesColumn([null, null]) })
  const codes = async (rule: AnyCheck<z.infer<typeof Row>>, options = {}) => {
    const [batch] = await runStage(compose(validate(Row), check<z.infer<typeof Row>>(rule, options)), [tableOf(columns())])
    return [0, 1].map((row) => batch?.issues.of(row).map(({ code }) => code))
  }

  test("is judged if the cells that the rule names and reads are sound, so that it gets all its reasons", async () => {
    const negative: Check<{ readonly b: number }> = ({ b }) => (b < 0 ? { code: "negative", message: "negative" } : undefined)
    expect(await codes(negative, { columns: ["b"] })).toEqual([["number.unreadable", "negative"], ["negative"]])
    expect(await codes(negative, { columns: ["a", "b"] })).toEqual([["number.unreadable"], ["negative"]])
    expect(await codes(negative)).toEqual([["number.unreadable", "negative"], ["negative"]])
  })

  test.each<[string, (row: z.infer<typeof Row>) => unknown]>([
    ["reads it", ({ a }) => a],
    ["asks whether it is there", (row) => "a" in row],
    ["copies the row", (row) => ({ ...row })],
    ["lists the cells", (row) => Object.entries(row)],
    ["writes the row as JSON", (row) => JSON.stringify(row)],
    [
      "reads it and catches the error",
      (row) => {
        try {
          return row.a
        } catch {
          return undefined
        }
      },
    ],
  ])("is not judged by a rule that depends on the failed cell: one that %s", async (_case, read) => {
    const rule: Check<z.infer<typeof Row>> = (row) => {
      read(row)
      return { code: "always", message: "always" }
    }
    expect(await codes(rule)).toEqual([["number.unreadable"], ["always"]])
  })

  test("is judged by a check by column whose columns are sound", async () => {
    const negative = (named: readonly ("a" | "b")[]): ColumnCheck<z.infer<typeof Row>> => ({
      kind: "column",
      name: "negative",
      columns: named,
      test(batch, fail) {
        for (const row of batch.selection) if ((batch.columns.b.at(row) ?? 0) < 0) fail(row, { code: "negative", message: "negative" })
      },
    })
    expect(await codes(negative(["b"]))).toEqual([["number.unreadable", "negative"], ["negative"]])
    expect(await codes(negative(["a", "b"]))).toEqual([["number.unreadable"], ["negative"]])
    expect(await codes(negative([]))).toEqual([["number.unreadable"], ["negative"]])
    // The check reads a column that its rule does not name.
    expect(await codes(negative(["c" as "b"]))).toEqual([["number.unreadable"], ["negative"]])
  })

  test("is judged like a passing one if it only repeats a key, by every check but one that remembers rows", async () => {
    interface Keyed {
      readonly a: number
    }
    const fail: ColumnCheck<Keyed>["test"] = (batch, found) => {
      for (const row of batch.selection) found(row, { code: "found", message: "found" })
    }
    const codesOf = async (rule: AnyCheck<Keyed>) => {
      const stage = compose(check<Keyed>(unique("a")), check<Keyed>(rule))
      const [batch] = await runStage(stage, [tableOf({ a: columnOf([1, 1]) }) as TableBatch<never> as TableBatch<Keyed>])
      return batch?.issues.of(1).map(({ code }) => code)
    }
    expect(await codesOf(() => ({ code: "found", message: "found" }))).toEqual(["duplicate", "found"])
    expect(await codesOf({ kind: "column", name: "c", test: fail })).toEqual(["duplicate", "found"])
    expect(await codesOf({ kind: "column", name: "c", test: (batch) => batch.fail(1, { code: "own", message: "own" }) })).toEqual([
      "duplicate",
      "own",
    ])
    const run = {
      kind: "run",
      name: "r",
      begin: () => 0,
      test: (batch, _state, found) => fail(batch, found, stageContext()),
    } as const satisfies RunCheck<Keyed>
    expect(await codesOf(run)).toEqual(["duplicate"])
    expect(await codesOf({ ...run, fixedState: true })).toEqual(["duplicate", "found"])
    const boom = () => {
      throw new Error("boom")
    }
    expect(await codesOf(boom)).toEqual(["duplicate", "check.threw"])
  })

  test("sees an empty cell that is allowed to be empty", async () => {
    const filled: Check<{ readonly c: number | null }> = ({ c }) => (c === null ? { code: "empty", message: "empty" } : undefined)
    expect(await codes(filled, { columns: ["c"] })).toEqual([["number.unreadable", "empty"], ["empty"]])
  })

  test("gets no other issue if the rule throws because of a cell of another column", async () => {
    const careless: Check<{ readonly a: number; readonly b: number }> = ({ a, b }) =>
      a.toFixed() === "1" && b < 0 ? { code: "careless", message: "careless" } : undefined
    expect(await codes(careless, { columns: ["b"] })).toEqual([["number.unreadable"], ["careless"]])
  })

  test("is not judged by values that no stage has computed for it", async () => {
    const stage = compose(
      validate(Row),
      map(({ b }) => ({ twice: 2 * b })),
      check<{ readonly twice: number }>(({ twice }) => (twice === null ? { code: "null", message: "null" } : undefined), {
        columns: ["twice"],
      }),
    )
    const [batch] = await runStage(stage, [tableOf(columns())])
    expect(batch?.issues.of(0).map(({ code }) => code)).toEqual(["number.unreadable"])
  })
})

describe("a check by column", () => {
  const negative: ColumnCheck<Order> = {
    kind: "column",
    name: "amount.positive",
    columns: ["amount"],
    dimension: "accuracy",
    test(batch, fail) {
      const amounts = batch.columns.amount.numbers()
      for (const row of batch.selection) if ((amounts[row] ?? 0) < 0) fail(row, { code: "negative", message: "negative" })
    },
  }

  test("sees whole columns, and blames its only column", async () => {
    expect(await issuesOf(negative)).toMatchObject([{ row: 1, rule: "amount.positive", dimension: "accuracy", column: "amount" }])
  })

  test("can get another name and dimension at its use", async () => {
    expect(await issuesOf(negative, { name: "debts", dimension: "validity" })).toMatchObject([{ rule: "debts", dimension: "validity" }])
  })

  test.each([
    ["throws", () => void Reflect.apply(Number.prototype.toFixed, "x", []), "TypeError"],
    [
      "fails a row that does not exist",
      (_batch: unknown, fail: (row: number, finding: { readonly code: string; readonly message: string }) => void) =>
        fail(9, { code: "x", message: "x" }),
      "RangeError",
    ],
  ])("that %s stops the run and is named, because no row can be blamed", async (_case, run, reason) => {
    const broken: ColumnCheck<Order> = { kind: "column", name: "broken", test: run }
    await expect(issuesOf(broken)).rejects.toMatchObject({
      code: "PIPELINE_INVALID",
      message: `The rule broken threw ${reason}.`,
      origin: { table: "table" },
      cause: expect.objectContaining({ name: reason, message: "thrown by the check" }),
    })
  })
})

describe("a check over the run", () => {
  const rising = runCheck<Order, { last: number }>({
    kind: "run",
    name: "id.rising",
    columns: ["id"],
    begin: async () => ({ last: 0 }),
    test(batch, state, fail) {
      for (const row of batch.selection) {
        const id = batch.columns.id.at(row) ?? 0
        if (id <= state.last) fail(row, { code: "back", message: `${id} after ${state.last}` })
        state.last = id
      }
    },
    merge: (one, other) => ({ last: Math.max(one.last, other.last) }),
  })

  test("carries its state from batch to batch, and starts over with each delivery", async () => {
    const stage = check<Order>(rising)
    for (let delivery = 0; delivery < 2; delivery++) {
      const made = await runStage(stage, [orders(), orders()])
      expect(made.map((batch) => [...batch.issues].map(({ row }) => row))).toEqual([[], [0]])
    }
  })

  test("passes on an error of its begin, because it is about the service that begin asks", async () => {
    const gone = { ...rising, begin: () => Promise.reject(new Error("ECONNREFUSED")) }
    await expect(runStage(check<Order>(gone), [orders()])).rejects.toThrow("ECONNREFUSED")
  })
})

test("a rule is declared before it sees a value: by the function's name, or by what it judges", () => {
  const nameless = [() => undefined][0] ?? (() => undefined)
  const named = (rule: Check<Order>, options = {}) => declarationOf(check<Order>(rule, options))?.rules
  expect(named(positive)).toEqual([{ name: "positive", dimension: "validity", columns: [] }])
  expect(named(nameless)).toEqual([{ name: "check", dimension: "validity", columns: [] }])
  expect(named(nameless, { columns: ["id", "amount"], dimension: "consistency" })).toEqual([
    { name: "check consistency id amount", dimension: "consistency", columns: ["id", "amount"] },
  ])
  expect(check<Order>(positive).name).toBe("check positive")
})

test("a check does not change the declared columns", () => {
  const given = [{ name: "id", kind: "integer", nullable: false }] as const
  expect(declarationOf(check<Order>(positive))?.columns(given)).toBe(given)
})

test("the context of a stage that runs alone is enough", async () => {
  const [batch] = await runStage(check<Order>(positive), [orders()], stageContext({ plan: undefined }))
  expect(batch?.issues.size).toBe(1)
})
