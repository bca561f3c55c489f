import assert from "node:assert/strict"

/** How long a part may take over an end that it was told to come to. */
const patienceMs = 10_000

/** Gives what the work gives, unless it hangs. */
export async function inTime<R>(what: string, work: PromiseLike<R>): Promise<R> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new assert.AssertionError({ message: `${what} takes more than ${patienceMs / 1_000} s` })), patienceMs)
  })
  return await Promise.race([work, late]).finally(() => clearTimeout(timer))
}
