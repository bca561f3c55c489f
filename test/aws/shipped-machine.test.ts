import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { expect, test } from "vitest"
import type { JsonValue } from "../../src/model/json-value.ts"
import { type Definition, readDefinition, type State, type TaskState } from "./definition.ts"
import { type Functions, functionRoles, placeholder, runShippedMachine, shippedFile } from "./shipped-machine.ts"

type Payload = { readonly [key: string]: JsonValue }

/** What asl-validator returns; it has no types of its own. */
interface Validation {
  readonly isValid: boolean
  errorsText(separator: string): string
}

const text = readFileSync(shippedFile, "utf8")
const manifest = "s3://processing/orders/1/r0/manifest.json"
const event = { bucket: "landing", key: "orders.csv" }
const parsed = { status: "parsed", manifest, deliveryId: "1", parts: 3, items: { bucket: "processing", key: "items" }, load: "staged" }
const settled = { ...parsed, status: "settled", round: 0, decision: "load" }
const loaded = { status: "loaded", manifest, deliveryId: "1", read: 1, loaded: 1, rejected: 0 }

/** Functions that answer as given, in turn where there are several answers, and note what they were called with. */
function answers(given: {
  readonly parser?: readonly JsonValue[]
  readonly merge?: readonly JsonValue[]
  readonly load?: JsonValue
  readonly failure?: string
}) {
  const calls: { readonly role: string; readonly payload: Payload }[] = []
  const left = { parser: [...(given.parser ?? [parsed])], merge: [...(given.merge ?? [settled])] }
  const answer = async (role: keyof Functions, payload: Payload): Promise<JsonValue> => {
    calls.push({ role, payload })
    if (role === "parser") return left.parser.shift() ?? null
    if (payload["merge"] === true) return left.merge.shift() ?? null
    if (payload["step"] === "load") return given.load ?? loaded
    if (payload["step"] === "replay") return { status: "loaded", uri: "s3://landing/corrections/1/a.csv" }
    if (payload["step"] === "archive") return { status: "archived", archived: "s3://archive/orders.csv" }
    if (payload["step"] === "fail") return { status: given.failure ?? "recorded", reason: "because" }
    return { manifest, part: payload["part"] ?? null }
  }
  const functions = Object.fromEntries(
    functionRoles.map((role) => [role, (payload: JsonValue) => answer(role, payload as Payload)]),
  ) as Functions
  const lists: { readonly [key: string]: string } = { items: '[{"part":0},{"part":1},{"part":2}]', again: '[{"part":2}]' }
  return { calls, run: { functions, getObject: async (_: string, key: string) => lists[key] ?? "" } }
}

function tasks({ States }: Definition): (readonly [string, TaskState])[] {
  return Object.entries(States).flatMap(([name, state]) =>
    state.Type === "Task" ? [[name, state] as const] : state.Type === "Map" ? tasks(state.ItemProcessor) : [],
  )
}

test("the state machine is valid Amazon States Language", () => {
  const require = createRequire(import.meta.url)
  const validate: (definition: object) => Validation = require("asl-validator")
  const { isValid, errorsText } = validate(JSON.parse(text))
  expect(errorsText("\n")).toBe("")
  expect(isValid).toBe(true)
})

test("every task waits longer than a function may run, and retries the same errors", () => {
  const all = tasks(readDefinition(text))
  expect(all.length).toBeGreaterThan(10)
  for (const [name, { TimeoutSeconds = 0, Retry }] of all) {
    expect(TimeoutSeconds, name).toBeGreaterThan(900)
    expect(Retry, name).toEqual(all[0]?.[1].Retry)
  }
})

test("every task and map of the machine itself catches every error", () => {
  const mayFail = Object.entries(readDefinition(text).States).filter(([, { Type }]) => Type === "Task" || Type === "Map")
  expect(mayFail.length).toBeGreaterThan(8)
  for (const [name, state] of mayFail) expect((state as TaskState).Catch?.at(-1)?.ErrorEquals, name).toEqual(["States.ALL"])
})

test("each function has one placeholder, and every tool for deployment can replace it", () => {
  const found = new Set(text.match(/\$\{[^}]*\}/g))
  expect([...found].sort()).toEqual(functionRoles.map(placeholder).sort())
})

test("a file of one part passes through plain states", async () => {
  const { calls, run } = answers({ parser: [{ ...parsed, parts: 1, load: "direct" }], merge: [{ ...settled, load: "direct" }] })
  const { states, output } = await runShippedMachine(event, run)
  expect(states).toEqual([
    ...["Parse", "Parsed", "First round", "One part or many", "Normalize", "Validate", "Score", "Merge", "Merged", "Load", "Archive"],
    ...["Outcome", "Loaded"],
  ])
  expect(calls).toEqual([
    { role: "parser", payload: event },
    { role: "normalizer", payload: { manifest, part: 0 } },
    { role: "validator", payload: { manifest, part: 0, round: 0 } },
    { role: "scorer", payload: { manifest, part: 0, round: 0 } },
    { role: "scorer", payload: { manifest, round: 0, merge: true } },
    { role: "loader", payload: { manifest, round: 0, step: "load", execution: expect.any(String) } },
    { role: "loader", payload: { manifest, step: "archive" } },
  ])
  expect(output).toMatchObject({ ...loaded, archive: { result: { archived: "s3://archive/orders.csv" } } })
})

test("many parts are processed beside each other, staged and loaded", async () => {
  const { calls, run } = answers({})
  const { states } = await runShippedMachine(event, { ...run, order: "shuffled" })
  expect(states.filter((name) => !name.endsWith(" part"))).toEqual([
    ...["Parse", "Parsed", "First round", "One part or many", "Parts", "Merge", "Merged", "Stage", "Load", "Archive", "Outcome", "Loaded"],
  ])
  for (const part of [0, 1, 2])
    expect(calls.filter(({ payload }) => payload["part"] === part)).toEqual([
      { role: "normalizer", payload: { manifest, part } },
      { role: "validator", payload: { manifest, part, round: 0 } },
      { role: "scorer", payload: { manifest, part, round: 0 } },
      { role: "loader", payload: { manifest, part, round: 0, step: "stage" } },
    ])
})

test("a refused delivery stages nothing", async () => {
  const { calls, run } = answers({ merge: [{ ...settled, decision: "refuse" }], load: { ...loaded, status: "refused" } })
  const { states, status } = await runShippedMachine(event, run)
  expect(status).toBe("SUCCEEDED")
  expect(states.at(-1)).toBe("Refused")
  expect(calls.filter(({ role }) => role === "loader").map(({ payload }) => payload["step"])).toEqual(["load", "archive"])
})

test("only the parts that change are validated again, in the next round", async () => {
  const again = { status: "revalidate", manifest, round: 1, items: { bucket: "processing", key: "again" } }
  const { calls, run } = answers({ merge: [again, { ...settled, round: 1 }] })
  const { states } = await runShippedMachine(event, run)
  expect(states.at(-1)).toBe("Loaded")
  expect(calls.filter(({ payload }) => payload["round"] === 1 && payload["step"] !== "stage")).toEqual([
    { role: "validator", payload: { manifest, part: 2, round: 1 } },
    { role: "scorer", payload: { manifest, part: 2, round: 1 } },
    { role: "scorer", payload: { manifest, round: 1, merge: true } },
    { role: "loader", payload: { manifest, round: 1, step: "load", execution: expect.any(String) } },
  ])
  expect(calls.filter(({ payload }) => payload["step"] === "stage").map(({ payload }) => payload["round"])).toEqual([1, 1, 1])
})

test("the parser gets an unfinished or outdated parse back whole", async () => {
  const unfinished = { status: "unfinished", manifest, at: { byte: 17 } }
  const replan = { status: "replan", manifest, revision: 2 }
  const { calls, run } = answers({ parser: [unfinished, parsed, parsed], merge: [replan, settled] })
  const { states } = await runShippedMachine(event, run)
  expect(calls.filter(({ role }) => role === "parser").map(({ payload }) => payload)).toEqual([event, unfinished, replan])
  expect(states.at(-1)).toBe("Loaded")
})

test("corrections of an earlier delivery are replayed in one call", async () => {
  const object = { bucket: "landing", key: "corrections/1/a.csv" }
  const { calls, run } = answers({ parser: [{ status: "correction", object, deliveryId: "1" }] })
  const { states } = await runShippedMachine(event, run)
  expect(states).toEqual(["Parse", "Parsed", "Replay", "Outcome", "Loaded"])
  expect(calls.at(-1)).toEqual({ role: "loader", payload: { object, step: "replay" } })
})

test.each([
  ["Ignored", { parser: [{ status: "ignored", reason: "The key does not end with .csv." }] }],
  ["Duplicate", { load: { ...loaded, status: "duplicate" } }],
])("the end %s is a success", async (last, given) => {
  const { states, status } = await runShippedMachine(event, answers(given).run)
  expect(status).toBe("SUCCEEDED")
  expect(states.at(-1)).toBe(last)
})

const failing: readonly (readonly [keyof Functions, string])[] = [
  ["parser", "Parse"],
  ["normalizer", "Parts"],
  ["scorer", "Parts"],
  ["loader", "Stage"],
]
test.each(failing)("an error of the %s is recorded and fails the execution", async (role, at) => {
  const { calls, run } = answers({})
  const works = run.functions[role]
  const functions: Functions = {
    ...run.functions,
    async [role](payload: JsonValue) {
      if ((payload as Payload)["step"] === "fail") return works(payload)
      throw Object.assign(new Error("The file is empty."), { name: "Rowgate.SOURCE_EMPTY" })
    },
  }
  const { states, status, error, waits } = await runShippedMachine(event, { ...run, functions })
  expect(states.slice(-4)).toEqual(["Describe failure", "Record failure", "Failure", "Failed"])
  expect(status).toBe("FAILED")
  expect(waits).toEqual([])
  const own = at === "Parse"
  expect(error).toBe(own ? "Rowgate.SOURCE_EMPTY" : "States.ExceedToleratedFailureThreshold")
  expect(calls.at(-1)).toMatchObject({ role: "loader", payload: { step: "fail", error: { Error: error }, input: event } })
  expect(calls.at(-1)?.payload["manifest"]).toBe(own ? undefined : manifest)
})

test("a failure after another execution has ended the delivery is a duplicate", async () => {
  const { run } = answers({ failure: "gone" })
  const normalizer = async () => {
    throw Object.assign(new Error("There is no manifest."), { name: "Rowgate.DELIVERY_ENDED" })
  }
  const { states, status } = await runShippedMachine(event, { ...run, functions: { ...run.functions, normalizer } })
  expect(states.slice(-3)).toEqual(["Record failure", "Failure", "Duplicate"])
  expect(status).toBe("SUCCEEDED")
})

test.each(["Rowgate.Retryable", "Rowgate.OutOfTime", "Lambda.TooManyRequestsException", "Sandbox.Timedout"])(
  "%s is retried",
  async (name) => {
    const { run } = answers({})
    const { normalizer } = run.functions
    let failures = 2
    const functions = {
      ...run.functions,
      async normalizer(payload: JsonValue) {
        if (failures-- > 0) throw Object.assign(new Error("later"), { name })
        return normalizer(payload)
      },
    }
    const { states, waits } = await runShippedMachine(event, { ...run, functions })
    expect(states.at(-1)).toBe("Loaded")
    expect(waits).toHaveLength(2)
  },
)

test("an answer that the machine does not know fails with a sentence, before anything is loaded", async () => {
  const { calls, run } = answers({ merge: [{ ...settled, status: "maybe" }] })
  const { error, cause } = await runShippedMachine(event, run)
  expect(error).toBe("Rowgate.UnknownStatus")
  expect(cause).toContain("Deploy both from the same version")
  expect(calls.filter(({ role }) => role === "loader").map(({ payload }) => payload["step"])).toEqual(["fail"])
})

test("a failure that cannot be recorded keeps its own error", async () => {
  const { run } = answers({ load: { ...loaded, status: "maybe" } })
  const { loader } = run.functions
  const functions = {
    ...run.functions,
    async loader(payload: JsonValue) {
      if ((payload as Payload)["step"] === "fail") throw new Error("The database is gone.")
      return loader(payload)
    },
  }
  expect((await runShippedMachine(event, { ...run, functions })).error).toBe("Rowgate.UnknownStatus")
})

test("a thousand parts stay within the limits of a state", async () => {
  const { run } = answers({})
  const items = JSON.stringify(Array.from({ length: 1_000 }, (_, part) => ({ part })))
  const { states } = await runShippedMachine(event, { ...run, getObject: async () => items })
  expect(states.at(-1)).toBe("Loaded")
  expect(states.filter((name) => name === "Score part")).toHaveLength(1_000)
})

test("the state machine has one end state for each outcome", () => {
  const ends = Object.entries(readDefinition(text).States).filter(([, { Type }]: [string, State]) => Type === "Succeed" || Type === "Fail")
  expect(ends.map(([name]) => name).sort()).toEqual(["Duplicate", "Failed", "Ignored", "Loaded", "Refused"])
})
