/**
 * The result of some work, unless it takes too long or the run ends. The work gets a signal that is aborted then, but need not heed it. Leaves no timer
 * behind.
 */
export async function within<T>(timeoutMs: number | undefined, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const own = new AbortController()
  const end = () => own.abort(signal.reason)
  signal.addEventListener("abort", end, { once: true })
  const late = () => own.abort(new DOMException(`There was no answer within ${timeoutMs} ms.`, "TimeoutError"))
  const timer = timeoutMs === undefined ? undefined : setTimeout(late, timeoutMs)
  try {
    return await new Promise<T>((resolve, reject) => {
      own.signal.addEventListener("abort", () => reject(own.signal.reason), { once: true })
      Promise.resolve(work(own.signal)).then(resolve, reject)
    })
  } finally {
    clearTimeout(timer)
    signal.removeEventListener("abort", end)
  }
}
