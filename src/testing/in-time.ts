import assert from "node:assert/strict"

/** How long something may take to end after it was told to. */
const patienceMs = 10_000

/** Resolves with the result of the work, unless it hangs. */
export async function inTime<R>(what: string, work: PromiseLike<R>): Promise<R> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new assert.AssertionError({ message: `${what} took more than ${patienceMs / 1_000} s` })), patienceMs)
  })
  return await Promise.race([work, late]).finally(() => clearTimeout(timer))
}
