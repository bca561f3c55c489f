import type { Batches } from "../../model/batch.ts"
import { type Channel, channels, isTraced } from "./channels.ts"
import type { StageTrace } from "./trace-messages.ts"

/** Passes batches through a stage and tells the subscribers of `rowgate:stage` when it begins and ends. Without subscribers, it only calls the stage. */
export function tracedStage<In, Out>(
  begun: () => StageTrace,
  batches: Batches<In>,
  stage: (batches: Batches<In>) => Batches<Out>,
): Batches<Out> {
  const { stage: channel } = channels
  if (!isTraced(channel)) return stage(batches)
  const before = new Stopwatch()
  return watched(channel, begun(), before, stage(before.around(batches)))
}

async function* watched<T>(
  { start, end, asyncStart, asyncEnd, error: failed }: NonNullable<Channel>,
  message: StageTrace,
  before: Stopwatch,
  batches: Batches<T>,
): Batches<T> {
  const all = new Stopwatch()
  let [count, rows, passed] = [0, 0, 0]
  // A stage runs whenever the next one asks for a batch, so there is no call that could be traced.
  start.runStores(message, () => end.publish(message))
  try {
    for await (const batch of all.around(batches)) {
      count++
      rows += batch.length
      passed += batch.selection.size
      yield batch
    }
  } catch (error) {
    failed.publish(Object.assign(message, { error }))
    throw error
  } finally {
    Object.assign(message, { batches: count, rows, passed, ms: all.ms - before.ms })
    asyncStart.runStores(message, () => asyncEnd.publish(message))
  }
}

/** Adds up the time that batches take to arrive. */
class Stopwatch {
  ms = 0

  async *around<T>(batches: Batches<T>): Batches<T> {
    const iterator = batches[Symbol.asyncIterator]()
    try {
      for (;;) {
        const start = performance.now()
        const next = await iterator.next().finally(() => {
          this.ms += performance.now() - start
        })
        if (next.done === true) return
        yield next.value
      }
    } finally {
      await iterator.return?.()
    }
  }
}
