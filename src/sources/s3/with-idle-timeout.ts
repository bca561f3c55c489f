import { RowgateError } from "../../errors/rowgate-error.ts"

/**
 * Waits for a promise, but not for ever: a connection that was cut without a word never says so. `giveUp` frees what hangs; the promise may
 * then fail unheard.
 */
export async function withIdleTimeout<T>(promise: Promise<T>, timeoutMs: number, giveUp: () => void, uri: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(idle(timeoutMs, uri))
      giveUp()
    }, timeoutMs)
  })
  promise.catch(() => {})
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

function idle(timeoutMs: number, uri: string): RowgateError {
  return new RowgateError({
    code: "SOURCE_UNREADABLE",
    message: `${uri} brought no byte for ${timeoutMs} ms.`,
    remedy: "Run again; if it stays, check the network and the service.",
    origin: { uri },
    retryable: true,
  })
}
