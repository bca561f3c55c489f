import { expect, test } from "vitest"
import type { KeyCheck, RunCheck } from "../../src/contract/check.ts"
import { createPipeline } from "../../src/index.ts"

const rows = [{ id: 1 }, { id: 2 }]

function watched() {
  const events: string[] = []
  const run: RunCheck<{ id: number }> = {
    kind: "run",
    name: "run",
    begin: () => "state",
    test: () => undefined,
    end: (state) => void events.push(`run ends with its ${state}`),
  }
  const key: KeyCheck<"id"> = {
    kind: "key",
    name: "key",
    columns: ["id"],
    dimension: "validity",
    begin: () => 7,
    async test(columns, selection, _state, fail) {
      await Promise.resolve()
      for (const row of selection) if (columns[0]?.at(row) === 2) fail(row, { code: "two", message: "It is 2.", severity: "warning" })
    },
    end: async (state) => void events.push(`key ends with ${state}`),
  }
  return { events, pipeline: createPipeline({ name: "ends", batchRows: 1 }).fromRows(rows).check(run).check(key) }
}

async function readAll(pipeline: { batches(): AsyncIterable<unknown> }): Promise<void> {
  for await (const _ of pipeline.batches());
}

test("a check is ended after the last batch", async () => {
  const { events, pipeline } = watched()
  const codes: string[] = []
  for await (const batch of pipeline.batches()) for (const { issue } of batch.issues) codes.push(issue.code)
  expect(codes).toEqual(["two"])
  expect(events.sort()).toEqual(["key ends with 7", "run ends with its state"])
})

test("a check is ended if its reader stops early, and if a later stage fails", async () => {
  const stopped = watched()
  for await (const _ of stopped.pipeline.batches()) break
  expect(stopped.events).toHaveLength(2)
  const failed = watched()
  const broken = failed.pipeline.check(() => "wrong" as never)
  await expect(readAll(broken)).rejects.toThrow()
  expect(failed.events).toHaveLength(2)
})

test("an asynchronous key check that rejects stops the delivery", async () => {
  const broken: KeyCheck<"id"> = {
    kind: "key",
    name: "broken",
    columns: ["id"],
    dimension: "validity",
    begin: () => undefined,
    test: () => Promise.reject(new TypeError("no")),
  }
  await expect(readAll(createPipeline({ name: "a" }).fromRows(rows).check(broken))).rejects.toMatchObject({
    code: "PIPELINE_INVALID",
    message: "The rule broken threw TypeError.",
  })
})
