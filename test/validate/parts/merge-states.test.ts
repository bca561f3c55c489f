import { describe, expect, test } from "vitest"
import { type KeyCheck, type RunCheck, runCheck } from "../../../src/contract/check.ts"
import type { Batches } from "../../../src/model/batch.ts"
import { columnOf } from "../../../src/model/column-of.ts"
import { compose } from "../../../src/pipeline/build/compose.ts"
import { filter, map } from "../../../src/pipeline/build/stages.ts"
import { check } from "../../../src/validate/check.ts"
import { foreignKey } from "../../../src/validate/foreign-key.ts"
import { mergeStates } from "../../../src/validate/parts/merge-states.ts"
import { PartStates } from "../../../src/validate/parts/part-states.ts"
import { unmergeable } from "../../../src/validate/parts/unmergeable.ts"
import { unique } from "../../../src/validate/unique.ts"
import { runStage, stageContext, tableOf } from "../../run-stage.ts"
import { type AnyStage, validateAtOnce, validateInParts } from "./in-parts.ts"

interface Cells {
  readonly id: number
}

const part = (...ids: (number | null)[]) => tableOf({ id: columnOf(ids) })
const uniqueId = check<Cells>(unique("id")) as AnyStage

/** What a part exports after its first round. */
async function exported(stage: AnyStage, ...ids: number[]): Promise<Uint8Array> {
  const states = await PartStates.of()
  await runStage(stage as never, [part(...ids)] as never[], stageContext({ states }))
  return states.export()
}

function fileOf(bytes: Uint8Array, number = 0, knowledge?: Uint8Array) {
  return { part: number, size: bytes.length, read: async (start: number, end: number) => bytes.slice(start, end), knowledge }
}

async function mergedOf(stage: AnyStage, ...parts: number[][]) {
  const files = await Promise.all(parts.map((ids) => exported(stage, ...ids)))
  return mergeStates(
    [stage],
    files.map((bytes, at) => fileOf(bytes, at)),
  )
}

/** A run check that counts rows, with parts of it replaced. */
function counting(own: Partial<RunCheck<Cells, { rows: unknown }>> = {}): AnyStage {
  const counts: RunCheck<Cells, { rows: unknown }> = {
    kind: "run",
    name: "counting",
    begin: () => ({ rows: 0 }),
    test(batch, state) {
      state.rows = Number(state.rows) + batch.selection.size
    },
    ...own,
  }
  return check<Cells>(runCheck(counts)) as AnyStage
}

describe("which parts are validated again", () => {
  test("none if no key repeats one of an earlier part", async () => {
    expect(await mergedOf(uniqueId, [1, 2, 2], [3], [], [4])).toEqual([0, 1, 2, 3].map((number) => ({ part: number, changed: false })))
  })

  test("only those with a row whose key an earlier part has", async () => {
    expect((await mergedOf(uniqueId, [1, 2], [3], [4, 2], [5])).map(({ changed }) => changed)).toEqual([false, false, true, false])
    const parts = [[1, 2], [3], [4, 2], [5]].map((ids) => () => [part(...ids)])
    expect(await validateInParts([uniqueId], parts)).toMatchObject({ rounds: 2, validations: 5 })
  })

  test("none for a foreign key, which exports nothing of its table", async () => {
    const stage = check<Cells>(
      foreignKey(
        "id",
        Array.from({ length: 10_000 }, (_, at) => at),
      ) as never,
    ) as AnyStage
    expect((await exported(stage, 1, 2)).length).toBeLessThan(100)
    expect((await mergedOf(stage, [1], [20_000])).some(({ changed }) => changed)).toBe(false)
  })

  test("none if the states of all parts are as they began", async () => {
    const stage = counting({ test: () => undefined, merge: (one) => one })
    expect((await mergedOf(stage, [1], [2], [3])).some(({ changed }) => changed)).toBe(false)
  })

  test("the later parts of a file if a state counts rows, but not those after parts without rows", async () => {
    const stage = counting({ merge: (one, other) => ({ rows: Number(one.rows) + Number(other.rows) }) })
    expect((await mergedOf(stage, [], [], [1], [2])).map(({ changed }) => changed)).toEqual([false, false, false, true])
  })

  test("none of a file in one part, whatever its checks are", async () => {
    const stage = counting({ begin: () => ({ rows: () => 1 }) })
    expect(await mergedOf(stage, [1])).toEqual([{ part: 0, changed: false }])
  })
})

describe("a check that cannot work in parts", () => {
  const nameless = { name: "inOrder", kind: "key", columns: ["id"], dimension: "consistency" } as const
  const inOrder: KeyCheck<"id"> = { ...nameless, begin: () => ({}), test: () => undefined }

  test("is found before the file is cut, and the second part stops the delivery", async () => {
    const stages = [
      uniqueId,
      compose<Cells, Cells, unknown>(
        filter(() => true),
        compose(counting() as never, check<Cells>(inOrder)),
      ) as AnyStage,
      counting({ fixedState: true }),
    ]
    expect(unmergeable(stages)).toEqual(["counting", "inOrder"])
    await expect(mergedOf(counting(), [1], [2])).rejects.toMatchObject({
      code: "PIPELINE_INVALID",
      message: "The check counting needs all rows of a file in one part, but the file has several.",
      remedy: "Give the check a function merge, or set fixedState: true if its test never changes the state.",
    })
  })

  test("stops the delivery if its state would lose something on the way", async () => {
    class Counter {
      readonly #rows = 1
      get rows() {
        return this.#rows
      }
    }
    const looped: { rows?: unknown } = {}
    looped.rows = looped
    for (const rows of [new Counter(), () => 1, Symbol("rows"), looped, new Map([[1, new Set([/x/])]]), class {}]) {
      const stage = counting({ begin: () => ({ rows }), merge: (one) => one })
      await expect(exported(stage, 1)).rejects.toMatchObject({
        code: "PIPELINE_INVALID",
        message: expect.stringMatching(/^The state of the check counting cannot be passed on to the next part/),
      })
    }
  })

  test("stops the delivery if it is hidden in a stage that does not declare it", async () => {
    const hidden = counting({ merge: (one) => one })
    const stage: AnyStage = async function* own(batches: Batches<never>, context) {
      yield* (hidden as typeof stage)(batches, context)
    }
    const files = await Promise.all([exported(stage, 1), exported(stage, 2)])
    await expect(
      mergeStates(
        [stage],
        files.map((bytes) => fileOf(bytes)),
      ),
    ).rejects.toMatchObject({
      code: "PIPELINE_INVALID",
      message: expect.stringContaining("counting is in a stage that does not declare it"),
    })
  })

  test("stops the delivery if merge throws, without the values in the message", async () => {
    const stage = counting({
      merge() {
        throw new TypeError("secret 42")
      },
    })
    const fault = await mergedOf(stage, [1], [2]).catch((error: unknown) => error)
    expect(fault).toMatchObject({ code: "PIPELINE_INVALID", message: "The function merge of the check counting threw TypeError." })
    expect(String(Object(fault).cause?.message)).not.toContain("secret")
  })
})

test("states of many kinds of values reach the next part as they are", async () => {
  const state = () => ({
    rows: 0,
    values: [1, -0, Number.NaN, 10n, null, undefined, "x", new Date(5), new Float64Array([1]), new Uint8Array([7])],
    sets: new Map<unknown, unknown>([[{ a: 1 }, new Set([[1, 2]])]]),
  })
  const seen: unknown[] = []
  const stage = counting({
    begin: state,
    test(_batch, own) {
      seen.push(structuredClone(own))
      own.rows = Number(own.rows) + 1
    },
    merge: (_one, other) => other,
  })
  await validateInParts([stage], [() => [part(1)], () => [part(2)]])
  const begun = state()
  expect(seen).toEqual([begun, begun, begun, { ...begun, rows: 1 }])
})

test("a damaged file of states, or one that ends too early, is refused by the name of its part", async () => {
  const bytes = await exported(compose(uniqueId as never, counting({ merge: (one) => one }) as never) as AnyStage, 1, 2, 3)
  const damages = [
    bytes.slice(0, 10),
    bytes.slice(0, -1),
    Buffer.concat([bytes, bytes]),
    new Uint8Array(0),
    Buffer.from(bytes).fill(0, 0, 4),
  ]
  const head = Buffer.from(bytes)
  head.write("!", 25)
  for (const damaged of [...damages, head]) {
    await expect(mergeStates([], [fileOf(damaged, 7), fileOf(bytes, 8)])).rejects.toMatchObject({
      code: "FILE_CORRUPT",
      message: "The states of the checks of part 7 are damaged, or another version of rowgate wrote them.",
    })
  }
  await expect(PartStates.of(bytes.slice(0, -1))).rejects.toMatchObject({ code: "FILE_CORRUPT" })
})

test("a failure to read stops the merge once it gets there", async () => {
  const bytes = await exported(uniqueId, 1, 2, 3)
  const broken = {
    ...fileOf(bytes, 1),
    read: async (start: number, end: number) => (start === 0 ? bytes.slice(start, end) : Promise.reject(new Error("gone"))),
  }
  await expect(mergeStates([uniqueId], [fileOf(bytes), broken])).rejects.toThrow("gone")
})

test("after a map, checks skip a first batch without passing rows instead of missing its columns", async () => {
  interface Mapped {
    readonly key: number
  }
  const stages = [
    check<Cells>(({ id }) => (id < 0 ? { code: "negative", message: "It is negative." } : undefined)),
    map<Cells, Mapped>(({ id }) => ({ key: id })),
    check<Mapped>(unique("key")),
    check<Mapped>(foreignKey("key", [1]) as never),
    check<Mapped>({ kind: "column", name: "read", columns: ["key"], test: (batch) => void batch.columns.key.numbers() }),
  ] as AnyStage[]
  const { rows } = await validateAtOnce(stages, [part(-1, -2), part(1, 1)] as ReturnType<typeof tableOf>[])
  expect(rows.map(({ issues }) => issues.map(({ code }) => code))).toEqual([["negative"], ["negative"], [], ["duplicate"]])
})
