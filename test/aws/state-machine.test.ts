import { expect, test } from "vitest"
import type { JsonValue } from "../../src/model/json-value.ts"
import { readDefinition, type State } from "./definition.ts"
import { type Execution, type RunnerOptions, runStateMachine } from "./state-machine.ts"

const invoke = "arn:aws:states:::lambda:invoke"

function run(states: { readonly [name: string]: object }, input: JsonValue, options: Partial<RunnerOptions> = {}): Promise<Execution> {
  const definition = readDefinition(JSON.stringify({ StartAt: Object.keys(states)[0], States: states }))
  return runStateMachine(definition, input, {
    invoke: async (name, payload) => ({ name, payload }),
    getObject: async () => "[]",
    ...options,
  })
}

const call = (rest: object = {}) => ({ Type: "Task", Resource: invoke, Parameters: { FunctionName: "f", "Payload.$": "$" }, ...rest })
const end = { End: true }

function named(name: string, message = "no"): Error {
  return Object.assign(new Error(message), { name })
}

test.each([
  ["a state type", { A: { Type: "Parallel", Branches: [], End: true } }, "has the type Parallel"],
  ["a field of a state", { A: { Type: "Pass", Assign: {}, End: true } }, "does not know Assign in the state A"],
  ["a field of a retrier", { A: call({ Retry: [{ ErrorEquals: ["x"], Jitter: 1 }], ...end }) }, "does not know Jitter in Retry of A"],
  ["a condition", { A: { Type: "Choice", Choices: [{ Variable: "$.a", StringMatches: "x", Next: "A" }] } }, "StringMatches"],
  ["a condition inside another", { A: { Type: "Choice", Choices: [{ And: [{ IsNull: true }], Next: "A" }] } }, "IsNull"],
  ["a target", { A: { Type: "Pass", Next: "B" } }, "leads to B"],
  [
    "a field of a map's reader",
    {
      A: {
        Type: "Map",
        ItemReader: { Resource: "x", ReaderConfig: { InputType: "JSON", MaxItems: 1 }, Parameters: {} },
        ItemProcessor: { ProcessorConfig: { Mode: "INLINE" }, StartAt: "B", States: { B: { Type: "Succeed" } } },
        ...end,
      },
    },
    "MaxItems in ReaderConfig of A",
  ],
])("a definition with %s that the runner does not know is refused", (_, states, message) => {
  expect(() => readDefinition(JSON.stringify({ StartAt: "A", States: states }))).toThrow(message)
})

test("a resource, a path and an intrinsic function that the runner does not know stop the test", async () => {
  await expect(run({ A: call({ Resource: "arn:aws:states:::sqs:sendMessage", ...end }) }, {})).rejects.toThrow("sqs:sendMessage")
  await expect(run({ A: { Type: "Pass", InputPath: "$..a", ...end } }, {})).rejects.toThrow("$..a")
  await expect(run({ A: { Type: "Pass", Parameters: { "a.$": "States.UUID()" }, ...end } }, {})).rejects.toThrow("States.UUID()")
})

test("a task gets its payload from the template, and its result goes where the paths say", async () => {
  const { output, status, states } = await run(
    {
      A: call({
        Parameters: { FunctionName: "f", Payload: { "b.$": "$.a[1]", c: [{ "d.$": "$$.Execution.Input.a" }] } },
        ResultPath: "$.x.y",
        Next: "B",
      }),
      B: { Type: "Pass", InputPath: "$.x", OutputPath: "$.y.Payload.payload", Next: "C" },
      C: { Type: "Succeed" },
    },
    { a: [1, 2] },
  )
  expect(status).toBe("SUCCEEDED")
  expect(output).toEqual({ b: 2, c: [{ d: [1, 2] }] })
  expect(states).toEqual(["A", "B", "C"])
})

test("a result selector sees the result, a null result path keeps the input, and a null output path leaves nothing", async () => {
  const selected = await run({ A: call({ ResultSelector: { "n.$": "$.Payload.name" }, ResultPath: "$.r", ...end }) }, { a: 1 })
  expect(selected.output).toEqual({ a: 1, r: { n: "f" } })
  expect((await run({ A: call({ ResultPath: null, ...end }) }, { a: 1 })).output).toEqual({ a: 1 })
  expect((await run({ A: call({ OutputPath: null, ...end }) }, { a: 1 })).output).toEqual({})
})

test("two objects are merged, the second over the first", async () => {
  const merge = { "m.$": "States.JsonMerge($.a, $.b, false)" }
  const { output } = await run({ A: { Type: "Pass", Parameters: merge, ...end } }, { a: { x: 1, y: 1 }, b: { y: 2 } })
  expect(output).toEqual({ m: { x: 1, y: 2 } })
})

test("a choice takes the first branch that holds, and fails without one", async () => {
  const states = {
    A: {
      Type: "Choice",
      Choices: [
        { And: [{ Variable: "$.s", StringEquals: "a" }, { Not: { Variable: "$.n", NumericEquals: 1 } }], Next: "B" },
        {
          Or: [
            { Variable: "$.t", IsPresent: true },
            { Variable: "$.s", StringEquals: "b" },
          ],
          Next: "C",
        },
      ],
    },
    B: { Type: "Pass", Result: "B", ...end },
    C: { Type: "Pass", Result: "C", ...end },
  }
  expect((await run(states, { s: "a", n: 2 })).output).toBe("B")
  expect((await run(states, { s: "a", n: 1, t: null })).output).toBe("C")
  expect(await run(states, { s: "a", n: 1 })).toMatchObject({ status: "FAILED", error: "States.NoChoiceMatched" })
})

test("each retrier counts its own attempts and waits longer each time, up to its bound", async () => {
  const errors = ["a", "a", "b", "a", "b"]
  let calls = 0
  const retry = [
    { ErrorEquals: ["a"], IntervalSeconds: 2, BackoffRate: 3, MaxDelaySeconds: 10, MaxAttempts: 3 },
    { ErrorEquals: ["States.ALL"], IntervalSeconds: 1, BackoffRate: 1, MaxAttempts: 2 },
  ]
  const { output, waits } = await run(
    { A: call({ Retry: retry, OutputPath: "$.Payload", ...end }) },
    {},
    {
      async invoke() {
        calls++
        const name = errors.shift()
        if (name !== undefined) throw named(name)
        return "done"
      },
    },
  )
  expect(output).toBe("done")
  expect(calls).toBe(6)
  expect(waits).toEqual([2, 6, 1, 10, 1])
})

test("full jitter waits anything up to the interval", async () => {
  const retry = [{ ErrorEquals: ["a"], IntervalSeconds: 8, BackoffRate: 1, MaxAttempts: 20, JitterStrategy: "FULL" }]
  const { waits, error } = await run(
    { A: call({ Retry: retry, ...end }) },
    {},
    {
      async invoke() {
        throw named("a")
      },
    },
  )
  expect(error).toBe("a")
  expect(waits).toHaveLength(20)
  expect(Math.max(...waits)).toBeLessThan(8)
  expect(new Set(waits).size).toBeGreaterThan(15)
})

test("a caught error is put into the input, with the message that the function threw", async () => {
  const { output } = await run(
    { A: call({ Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next: "B" }], ...end }), B: { Type: "Succeed" } },
    { kept: 1 },
    {
      async invoke() {
        throw named("Rowgate.SOURCE_EMPTY", "The file is empty.")
      },
    },
  )
  const { kept, error } = output as { kept: number; error: { Error: string; Cause: string } }
  expect(kept).toBe(1)
  expect(error.Error).toBe("Rowgate.SOURCE_EMPTY")
  expect(JSON.parse(error.Cause)).toMatchObject({ errorType: "Rowgate.SOURCE_EMPTY", errorMessage: "The file is empty." })
})

test("a missing path stops the execution, and States.ALL does not catch it", async () => {
  const catcher = [{ ErrorEquals: ["States.ALL"], Next: "B" }]
  const states = { A: call({ InputPath: "$.missing", Catch: catcher, ...end }), B: { Type: "Succeed" } }
  expect(await run(states, {})).toMatchObject({ status: "FAILED", error: "States.Runtime" })
})

test("a function that exceeds its time is an error of the state", async () => {
  const { error } = await run({ A: call({ TimeoutSeconds: 1, ...end }) }, {}, { invoke: () => new Promise(() => {}) })
  expect(error).toBe("States.Timeout")
})

test("a state's data beyond 256 kB stops the execution, a function's beyond 32 kB the test", async () => {
  const pass = { A: { Type: "Pass", ...end } }
  expect(await run(pass, "x".repeat(262_142))).toMatchObject({ status: "SUCCEEDED" })
  expect(await run(pass, "x".repeat(262_143))).toMatchObject({ status: "FAILED", error: "States.DataLimitExceeded" })
  await expect(run({ A: call(end) }, "x".repeat(32_000))).rejects.toThrow("payload of f has 32002 bytes")
  await expect(run({ A: call(end) }, {}, { invoke: async () => "x".repeat(32_000) })).rejects.toThrow("result of f has 32002 bytes")
})

test("a failure names its error by text or by path", async () => {
  expect(await run({ A: { Type: "Fail", Error: "e", Cause: "c" } }, {})).toMatchObject({ error: "e", cause: "c" })
  expect(await run({ A: { Type: "Fail", ErrorPath: "$.e", CausePath: "$.c" } }, { e: "1", c: "2" })).toMatchObject({
    error: "1",
    cause: "2",
  })
})

const child = (mode: string, state: object = call({ OutputPath: "$.Payload", ...end })) => ({
  ProcessorConfig: { Mode: mode, ...(mode === "DISTRIBUTED" ? { ExecutionType: "STANDARD" } : {}) },
  StartAt: "B",
  States: { B: state },
})
const reader = {
  Resource: "arn:aws:states:::s3:getObject",
  ReaderConfig: { InputType: "JSON" },
  Parameters: { "Bucket.$": "$.bucket", Key: "items.json" },
}
const distributed = (rest: object = {}) => ({
  Type: "Map",
  ItemReader: reader,
  ItemSelector: { "value.$": "$$.Map.Item.Value", "index.$": "$$.Map.Item.Index", "from.$": "$.bucket" },
  ItemProcessor: child("DISTRIBUTED"),
  ...end,
  ...rest,
})

test("a distributed map reads its items from S3 and keeps the results in their order, whatever the order of the work", async () => {
  const started: JsonValue[] = []
  const objects: string[] = []
  const options: Partial<RunnerOptions> = {
    order: "reversed",
    concurrency: 1,
    async invoke(_, payload) {
      started.push(payload)
      return payload
    },
    async getObject(bucket, key) {
      objects.push(`${bucket}/${key}`)
      return '["a","b","c"]'
    },
  }
  const { output, states } = await run({ A: distributed() }, { bucket: "lake" }, options)
  expect(objects).toEqual(["lake/items.json"])
  expect(output).toEqual(["a", "b", "c"].map((value, index) => ({ value, index, from: "lake" })))
  expect(started).toEqual([...(output as JsonValue[])].reverse())
  expect(states).toEqual(["A", "B", "B", "B"])
})

test("a map runs as many items at a time as it may, and each item twice if asked to", async () => {
  let [running, most, calls] = [0, 0, 0]
  const options: Partial<RunnerOptions> = {
    times: 2,
    order: "shuffled",
    async invoke() {
      most = Math.max(most, ++running)
      calls++
      await new Promise((resolve) => setTimeout(resolve, 5))
      running--
      return null
    },
    getObject: async () => "[1,2,3,4,5]",
  }
  await run({ A: distributed({ MaxConcurrency: 3 }) }, { bucket: "b" }, options)
  expect(calls).toBe(10)
  expect(most).toBe(3)
})

test("an item that fails ends a distributed map with the threshold's error, and an inline map with its own", async () => {
  const options: Partial<RunnerOptions> = {
    async invoke() {
      throw named("Rowgate.X")
    },
    getObject: async () => "[1]",
  }
  expect((await run({ A: distributed() }, { bucket: "b" }, options)).error).toBe("States.ExceedToleratedFailureThreshold")
  const inline = { Type: "Map", ItemsPath: "$.items", ItemProcessor: child("INLINE"), ...end }
  expect((await run({ A: inline }, { items: [1] }, options)).error).toBe("Rowgate.X")
})

test("items that cannot be read are an error of their own", async () => {
  const options = {
    getObject: async () => {
      throw new Error("NoSuchKey")
    },
  }
  expect((await run({ A: distributed() }, { bucket: "b" }, options)).error).toBe("States.ItemReaderFailed")
})

test("the results of a map's items count towards the limit, even where nothing keeps them", async () => {
  const items = JSON.stringify(Array.from({ length: 300 }, (_, index) => index))
  const result = (OutputPath: string | null): State => call({ OutputPath, ...end }) as unknown as State
  const options = { invoke: async () => "x".repeat(1_000), getObject: async () => items }
  const map = (OutputPath: string | null) => distributed({ ResultPath: null, ItemProcessor: child("DISTRIBUTED", result(OutputPath)) })
  expect((await run({ A: map("$.Payload") }, { bucket: "b" }, options)).error).toBe("States.DataLimitExceeded")
  expect((await run({ A: map(null) }, { bucket: "b" }, options)).status).toBe("SUCCEEDED")
})

test("a wait waits", async () => {
  const begun = performance.now()
  const { waits } = await run({ A: { Type: "Wait", Seconds: 10, ...end } }, {}, { timeScale: 0.005 })
  expect(waits).toEqual([10])
  expect(performance.now() - begun).toBeGreaterThan(45)
})
