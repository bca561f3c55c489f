import assert from "node:assert/strict"
import type { ContractCase } from "./contract-case.ts"
import { contractBatch, contractColumns, contractRows } from "./contract-table.ts"
import type { SinkContractOptions } from "./sink-contract-options.ts"
import { SinkTrial } from "./sink-trial.ts"

/** The additional promises of a sink with a ledger. */
export function onceContract(options: SinkContractOptions): readonly ContractCase[] {
  const on = (work: (trial: SinkTrial) => Promise<void>) => SinkTrial.on(options, work)
  const batches = (count: number, first = 1) => [contractBatch(contractColumns, contractRows(count, first), first)]
  return [
    ...[false, true].map((hashLast) => ({
      name: `loads the same bytes once${hashLast ? ", even if their hash is known only at the end" : ", and says what loaded them"}`,
      run: () =>
        on(async (trial) => {
          const first = await trial.deliver(batches(3), { content: "same", hashLast })
          const second = await trial.deliver(batches(3), { content: "same", hashLast })
          assert.equal(first.duplicateOf, undefined)
          assert.equal(second.duplicateOf, first.id)
          assert.deepEqual(await trial.finalRows(), contractRows(3))
        }),
    })),
    {
      name: "loads the same bytes once in another run",
      run: () =>
        on(async (trial) => {
          const first = await trial.deliver(batches(3), { content: "same" })
          await trial.endRun()
          assert.equal((await trial.deliver(batches(3), { content: "same" })).duplicateOf, first.id)
          assert.deepEqual(await trial.finalRows(), contractRows(3))
        }),
    },
    {
      name: "loads the same bytes once if several runs deliver them at the same time",
      run: () =>
        on(async (trial) => {
          const results = await Promise.all([1, 2, 3].map(() => trial.deliver(batches(100), { content: "same" })))
          const [loaded, ...more] = results.filter(({ duplicateOf }) => duplicateOf === undefined)
          assert.equal(more.length, 0, "the same bytes were loaded more than once")
          assert.deepEqual(
            results.flatMap(({ duplicateOf }) => duplicateOf ?? []),
            [loaded?.id, loaded?.id],
          )
          assert.deepEqual(await trial.finalRows(), contractRows(100))
        }),
    },
    {
      name: "loads the same bytes once for each pipeline that delivers them",
      run: () =>
        on(async (trial) => {
          await trial.deliver(batches(2), { content: "same" })
          const other = await trial.deliver(batches(2, 3), { content: "same", pipeline: `another-${trial.pipeline}` })
          assert.equal(other.duplicateOf, undefined)
          assert.deepEqual(await trial.finalRows(), contractRows(4))
        }),
    },
  ]
}
