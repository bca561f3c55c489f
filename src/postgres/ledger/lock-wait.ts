import type { Logger } from "../../contract/logger.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { Connection } from "../connection/database.ts"
import type { LoadConnection } from "../connection/load-connection.ts"
import type { ConcurrencyOptions } from "./concurrency-options.ts"
import { isHeld, takeOverIfStale } from "./take-over-stale-run.ts"

/** How a load waits for another one. */
export interface LockWaitOptions extends Pick<ConcurrencyOptions, "staleMs" | "whileRunning"> {
  readonly uri: string
  readonly logger: Logger
}

/** Whoever holds a lock. */
export interface LockHolders {
  /** What they do, for the log. */
  readonly activity: string
  /** A lock that they hold too where they load the same content, which is what `whileRunning: "fail"` is about. */
  readonly content?: string | undefined
}

/** Those who load the same content. */
export const sameContent: LockHolders = { activity: "another run is loading the same" }

/** A lock that another load holds. */
export interface HeldLock {
  /** A bigint, as text. */
  readonly lock: string
  readonly holders: LockHolders
}

const checkEveryMs = 1_000
const firstPauseMs = 30
/** Short enough for the first that comes and the last one to have the same chance. */
const longestPauseMs = 500

/** The wait for a lock that another load holds. */
export class LockWait {
  readonly #lock: string
  readonly #others: LockHolders
  readonly #options: LockWaitOptions
  #lookedAt = Number.NEGATIVE_INFINITY
  #begun = false

  constructor({ lock, holders: others }: HeldLock, options: LockWaitOptions) {
    this.#lock = lock
    this.#others = others
    this.#options = options
  }

  get isCheckDue(): boolean {
    return performance.now() - this.#lookedAt >= checkEveryMs
  }

  /** Takes the lock away from a load that is dead. The connection has no transaction open. */
  async takeOverIfStale(connection: Connection): Promise<void> {
    this.#lookedAt = performance.now()
    const { staleMs, uri, logger } = this.#options
    const deposed = await takeOverIfStale(connection, this.#lock, staleMs)
    if (deposed !== undefined) logger.warn({ uri, run: deposed }, "took over from a run that gave no sign of life")
  }

  /** Throws where nobody is to be waited for. */
  async failOrAnnounce(connection: Connection): Promise<void> {
    const { whileRunning, uri, logger } = this.#options
    if (whileRunning === "fail" && (await this.#haveContent(connection))) throw anotherRunIsLoading(uri)
    if (!this.#begun) logger.info({ uri }, `${this.#others.activity}: waiting for it`)
    this.#begun = true
  }

  async #haveContent(connection: Connection): Promise<boolean> {
    const { content } = this.#others
    return this.#others === sameContent || (content !== undefined && (await isHeld(connection, content)))
  }

  /** Resolves when nobody has the lock. Between two looks nothing is held, not even a connection: whoever has the lock may need the last one. */
  async untilFree(connection: LoadConnection): Promise<void> {
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(1.5 * pauseMs, longestPauseMs)) {
      if (this.isCheckDue) await this.takeOverIfStale(connection)
      await this.failOrAnnounce(connection)
      await connection.pause(pauseMs * (0.5 + Math.random()))
      if (!(await isHeld(connection, this.#lock))) return
    }
  }
}

/** With a cause it is nobody's wish, and the delivery is tried again. */
export function anotherRunIsLoading(uri: string, cause?: Error): RowgateError {
  return new RowgateError({
    code: "SINK_BUSY",
    message: `another run is loading ${uri}`,
    remedy: 'Run it again later, or wait for the other run with `whileRunning: "wait"`.',
    retryable: true,
    origin: { uri },
    cause,
  })
}
