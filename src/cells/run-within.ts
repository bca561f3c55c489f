import { createContext, Script } from "node:vm"

/** Runs synchronous work. Returns false if its time ran out; the engine then interrupts it wherever it is, also within a regular expression. */
export function runWithin(timeoutMs: number, work: () => void): boolean {
  try {
    new Script("work()").runInContext(createContext({ work }), { timeout: timeoutMs })
    return true
  } catch (error) {
    // The error is of the other context, so that it is no instance of this one's Error.
    if (Object(error).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return false
    throw error
  }
}
