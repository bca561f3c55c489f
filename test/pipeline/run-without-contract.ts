import type { DeliveryReport } from "../../src/model/run-report.ts"
import { createPipeline } from "../../src/pipeline/build/create-pipeline.ts"
import { inferContract } from "../../src/pipeline/tables/infer.ts"
import { memory } from "../../src/sinks/memory.ts"
import { bytes } from "../../src/sources/bytes.ts"

/** Loads csv under the contract that its own rows suggest, as the command does. */
export async function runWithoutContract(csv: Buffer | string): Promise<DeliveryReport> {
  const source = bytes(csv, { name: "table.csv" })
  const { columns, expected } = await inferContract(source)
  const pipeline = createPipeline({ name: "table", budget: { share: 1 } })
    .from(source)
    .normalize({ columns })
    .score({ expected, provisional: true })
  const { deliveries } = await pipeline.into(memory()).run()
  const [delivery] = deliveries
  if (delivery === undefined) throw new Error("the source had no file")
  return delivery
}
