import { setTimeout as sleep } from "node:timers/promises"
import { RowgateError } from "rowgate"

/** Options of `every`. */
export interface EveryOptions {
  /** Milliseconds between the end of a round and the start of the next one, so that rounds never overlap. */
  readonly pauseMs: number
  /** Ends the worker. A round that is running is stopped, and nothing of its current file is loaded. */
  readonly signal: AbortSignal
  /** Called when a round fails. The next round tries again. */
  readonly onError: (error: RowgateError) => void
}

/** Does work again and again until the signal is aborted. Only errors of your own code end it early. */
export async function every(work: (signal: AbortSignal) => Promise<void>, { pauseMs, signal, onError }: EveryOptions): Promise<void> {
  while (!signal.aborted) {
    try {
      await work(signal)
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof RowgateError)) throw error
      onError(error)
    }
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined)
  }
}
