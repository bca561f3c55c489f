import { expect, test } from "vitest"
import { answerBatch } from "../../../src/lambda/events/answer-batch.ts"
import type { QueueBatch, QueueMessage } from "../../../src/lambda/events/object-event.ts"
import { readEvent } from "../../../src/lambda/events/read-event.ts"
import { sqsEvent } from "./sample-events.ts"

/** A batch of messages that name the objects a, b, c and so on. */
function batchOf(keys: string, queue = "landing"): QueueBatch {
  const bodies = [...keys].map((key) => (key === "?" ? "{}" : { bucket: "landing", key }))
  const { batch } = readEvent(sqsEvent(bodies, { queue }), [{ bucket: "landing" }])
  if (batch === undefined) throw new Error("The event is no batch.")
  return batch
}

/** Handles messages, and fails those with the named keys. */
function handler(failing: string) {
  const begun: string[] = []
  return {
    begun,
    async handle({ objects }: QueueMessage) {
      const key = objects[0]?.key ?? ""
      begun.push(key)
      await Promise.resolve()
      if (failing.includes(key)) throw new Error(`${key} failed`)
    },
  }
}

const failures = (...numbers: readonly number[]) => ({
  batchItemFailures: numbers.map((number) => ({ itemIdentifier: `message-${number}` })),
})

test("a batch without failures reports none", async () => {
  const { handle, begun } = handler("")
  expect(await answerBatch(batchOf("abc"), handle)).toEqual(failures())
  expect(begun).toEqual(["a", "b", "c"])
})

test("only the failed messages stay in the queue", async () => {
  const { handle, begun } = handler("bd")
  const logged: unknown[] = []
  const onFailure = ({ id }: QueueMessage, error: unknown) => logged.push([id, String(error)])
  expect(await answerBatch(batchOf("abcde"), handle, { onFailure })).toEqual(failures(2, 4))
  expect(begun).toEqual(["a", "b", "c", "d", "e"])
  expect(logged).toEqual([
    ["message-2", "Error: b failed"],
    ["message-4", "Error: d failed"],
  ])
})

test("a FIFO queue gets back the first failure and everything after it", async () => {
  const { handle, begun } = handler("bd")
  expect(await answerBatch(batchOf("abcde", "landing.fifo"), handle)).toEqual(failures(2, 3, 4, 5))
  expect(begun).toEqual(["a", "b"])
})

test("a message that cannot be read fails without being handled", async () => {
  const { handle, begun } = handler("")
  expect(await answerBatch(batchOf("a?c"), handle)).toEqual(failures(2))
  expect(begun).toEqual(["a", "c"])
})

test("if no message succeeds, the call fails with the first error", async () => {
  await expect(answerBatch(batchOf("ab"), handler("ab").handle)).rejects.toThrow("a failed")
  await expect(answerBatch(batchOf("ab", "landing.fifo"), handler("a").handle)).rejects.toThrow("a failed")
  await expect(answerBatch(batchOf("?"), handler("").handle)).rejects.toMatchObject({ code: "EVENT_INVALID" })
})

test("messages that cannot begin in time stay in the queue, which is no failure", async () => {
  const { handle, begun } = handler("")
  expect(await answerBatch(batchOf("abcd"), handle, { canBegin: () => begun.length < 2 })).toEqual(failures(3, 4))
  expect(await answerBatch(batchOf("ab"), handle, { canBegin: () => false })).toEqual(failures(1, 2))
  expect(begun).toEqual(["a", "b"])
})
