import { mkdir, readdir, rename } from "node:fs/promises"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { type DeliveryReport, file, type LoadPipeline, RowgateError } from "rowgate"

/** Options of `watchInbox`. */
export interface InboxOptions {
  /** Ends the watch. */
  readonly signal: AbortSignal
  /** Called for each file with its report, or with the code of its error. */
  readonly onFile: (name: string, report: DeliveryReport | string) => void
  /** Milliseconds between two looks into the folder. Default: 1,000. */
  readonly pauseMs?: number
}

/**
 * Loads every file that appears in a folder, and moves it to `done` or `failed` below it. Ends when the signal is aborted. Senders must write under a
 * name that begins with a dot and rename the file when it is complete. It looks at intervals, because folders on network drives send no events.
 */
export async function watchInbox<T>(
  folder: string,
  pipeline: LoadPipeline<T>,
  { signal, onFile, pauseMs = 1000 }: InboxOptions,
): Promise<void> {
  for (const name of ["done", "failed"]) await mkdir(join(folder, name), { recursive: true })
  while (!signal.aborted) {
    try {
      await loadAll()
    } catch (error) {
      if (!signal.aborted) throw error
    }
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined)
  }

  async function loadAll(): Promise<void> {
    const entries = await readdir(folder, { withFileTypes: true })
    for (const { name } of entries.filter((entry) => entry.isFile() && !entry.name.startsWith("."))) {
      const { place, result } = await load(name)
      await rename(join(folder, name), join(folder, place, name))
      onFile(name, result)
    }
  }

  /** If the program stops between the load and the move, the ledger knows the bytes, and the next load of the file is a duplicate. */
  async function load(name: string): Promise<{ readonly place: string; readonly result: DeliveryReport | string }> {
    try {
      const { deliveries } = await pipeline.run({ source: file(join(folder, name), { name }), signal })
      const [delivery] = deliveries
      return { place: delivery?.outcome === "refused" ? "failed" : "done", result: delivery ?? "no delivery" }
    } catch (error) {
      if (!(error instanceof RowgateError) || error.retryable || signal.aborted) throw error
      return { place: "failed", result: error.code }
    }
  }
}
