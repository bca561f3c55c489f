import { setTimeout as sleep } from "node:timers/promises"
import type { S3Connection } from "./s3-connection.ts"
import { isTransient } from "./s3-errors.ts"
import { withIdleTimeout } from "./with-idle-timeout.ts"

/** Options of `send`. */
export interface SendOptions {
  /** The address of the object, for messages. */
  readonly uri: string
  readonly signal?: AbortSignal | undefined
  /** Bytes that the service receives or copies before it responds. The more, the longer a request may take. */
  readonly bytes?: number | undefined
}

const firstDelayMs = 100
const longestDelayMs = 5_000
/** The slowest upload or copy that is waited for. */
const leastBytesPerMs = 100

/**
 * Sends a command that has the same effect once or twice, and returns the response. After a network error, throttling or an error of the server,
 * it sends the command again. A request without a response within the idle time-out is dropped. Throws the last error as the SDK throws it.
 */
export async function send<Output>(connection: S3Connection, command: object, options: SendOptions): Promise<Output> {
  const { client, idleTimeoutMs, attempts } = connection
  const { uri, signal, bytes = 0 } = options
  for (let failures = 0; ; ) {
    signal?.throwIfAborted()
    const giveUp = new AbortController()
    const abortSignal = signal === undefined ? giveUp.signal : AbortSignal.any([signal, giveUp.signal])
    try {
      const answer = client.send(command, { abortSignal })
      return (await withIdleTimeout(answer, idleTimeoutMs + bytes / leastBytesPerMs, () => giveUp.abort(), uri)) as Output
    } catch (error) {
      signal?.throwIfAborted()
      if (!isTransient(error) || ++failures >= attempts) throw error
    }
    await pause(failures, signal)
  }
}

/** Waits before another attempt, longer after each failure in a row. */
export async function pause(failures: number, signal: AbortSignal | undefined): Promise<void> {
  const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** (failures - 1))
  await sleep(delayMs * (0.5 + Math.random() / 2), undefined, { ...(signal === undefined ? {} : { signal }) })
}
