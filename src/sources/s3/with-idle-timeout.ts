import { RowgateError } from "../../errors/rowgate-error.ts"

/**
 * Waits for a promise for a limited time, because a connection that breaks silently never reports it. After the timeout, `giveUp` must release
 * the connection; a later error of the promise is ignored.
 */
export async function withIdleTimeout<T>(promise: Promise<T>, timeoutMs: number, giveUp: () => void, uri: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const timedOut = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(idle(timeoutMs, uri))
      giveUp()
    }, timeoutMs)
  })
  promise.catch(() => {})
  try {
    return await Promise.race([promise, timedOut])
  } finally {
    clearTimeout(timer)
  }
}

function idle(timeoutMs: number, uri: string): RowgateError {
  return new RowgateError({
    code: "SOURCE_UNREADABLE",
    message: `The connection to ${uri} sent no data for ${timeoutMs} ms.`,
    remedy: "Run again; if the error persists, check the network and the service.",
    origin: { uri },
    retryable: true,
  })
}
