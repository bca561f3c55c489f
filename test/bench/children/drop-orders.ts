import { createPipeline, file, type Sink } from "rowgate"
import { orderContract } from "../../../examples/data/order-contract.ts"
import { measured } from "./measured.ts"

/** A sink that drops rows, so that only the cost of the other stages is left. */
const nowhere: Sink<unknown> = {
  name: "nowhere",
  delivery: "at-least-once",
  async open() {
    return { async write() {}, async commit() {}, async [Symbol.asyncDispose]() {} }
  },
}

await measured(async ({ files }: { readonly files: readonly string[] }) => {
  const pipeline = orderContract(createPipeline({ name: "orders", concurrency: files.length }).from(file(...files))).into(nowhere)
  const { read, loaded, rejected, deliveries } = await pipeline.run({ asOf: new Date("2026-01-01") })
  return { read, loaded, rejected, overall: deliveries[0]?.score?.overall }
})
