import type { Logger } from "../../contract/logger.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { Connection } from "../connection/database.ts"
import type { LoadConnection } from "../connection/load-connection.ts"
import type { ConcurrencyOptions } from "./concurrency-options.ts"

/** How a load waits for another one. */
export interface LockWaitOptions extends Pick<ConcurrencyOptions, "staleMs" | "whileRunning"> {
  readonly uri: string
  readonly logger: Logger
}

/** What is known about the loads that hold a lock. */
export interface LockHolders {
  /** What they are doing, for the log. */
  readonly activity: string
  /** A lock that they also hold if they load the same content, for `whileRunning: "fail"`. */
  readonly content?: string | undefined
}

/** Loads of the same content. */
export const sameContent: LockHolders = { activity: "another run is loading the same content" }

/** A lock that another load holds. */
export interface HeldLock {
  /** A bigint, as text. */
  readonly lock: string
  readonly holders: LockHolders
}

const checkEveryMs = 1_000
const firstPauseMs = 30
/** Short, so that every waiting load has about the same chance. */
const longestPauseMs = 500

/** Loaded when a load has to wait. */
const staleRuns = () => import("./take-over-stale-run.ts")

/** Waits for a lock that another load holds. */
export class LockWait {
  readonly #lock: string
  readonly #holders: LockHolders
  readonly #options: LockWaitOptions
  #checkedAt = Number.NEGATIVE_INFINITY
  #isAnnounced = false

  constructor({ lock, holders }: HeldLock, options: LockWaitOptions) {
    this.#lock = lock
    this.#holders = holders
    this.#options = options
  }

  get isCheckDue(): boolean {
    return performance.now() - this.#checkedAt >= checkEveryMs
  }

  /** Takes the lock from its holder if that is dead. The connection must have no open transaction. */
  async takeOverIfStale(connection: Connection): Promise<void> {
    this.#checkedAt = performance.now()
    const { staleMs, uri, logger } = this.#options
    const failed = await (await staleRuns()).takeOverIfStale(connection, this.#lock, staleMs)
    if (failed !== undefined) logger.warn({ uri, run: failed }, "took over from a run that no longer responded")
  }

  /** Ends the holder of the lock if its deadline is over. The connection may have an open transaction. */
  async endOverdue(connection: Connection): Promise<void> {
    this.#checkedAt = performance.now()
    await (await staleRuns()).endOverdueHolder(connection, this.#lock)
  }

  /** Throws if the options say not to wait. The first time, logs that it waits. */
  async failOrAnnounce(connection: Connection): Promise<void> {
    const { whileRunning, uri, logger } = this.#options
    if (whileRunning === "fail" && (await this.#loadSameContent(connection))) throw anotherRunIsLoading(uri)
    if (!this.#isAnnounced) logger.info({ uri }, `${this.#holders.activity}: waiting for it`)
    this.#isAnnounced = true
  }

  async #loadSameContent(connection: Connection): Promise<boolean> {
    const { content } = this.#holders
    return this.#holders === sameContent || (content !== undefined && (await (await staleRuns()).isHeld(connection, content)))
  }

  /** Resolves once the lock is free. Between two checks it holds nothing, not even a connection, because the holder of the lock may need the last one. */
  async untilFree(connection: LoadConnection): Promise<void> {
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(1.5 * pauseMs, longestPauseMs)) {
      if (this.isCheckDue) await this.takeOverIfStale(connection)
      await this.failOrAnnounce(connection)
      await connection.pause(pauseMs * (0.5 + Math.random()))
      if (!(await (await staleRuns()).isHeld(connection, this.#lock))) return
    }
  }
}

/** The error of a load that does not wait for another one. With a cause, it is not what the options ask for, so the delivery is tried again. */
export function anotherRunIsLoading(uri: string, cause?: Error): RowgateError {
  return new RowgateError({
    code: "SINK_BUSY",
    message: `Another run is loading ${uri}.`,
    remedy: 'Run it again later, or wait for the other run with `whileRunning: "wait"`.',
    retryable: true,
    origin: { uri },
    cause,
  })
}
