import { RowgateError } from "../../src/errors/rowgate-error.ts"

/** The RowgateError that a call throws. Fails if it throws none. */
export function failureOf(call: () => unknown): RowgateError {
  try {
    call()
  } catch (error) {
    if (error instanceof RowgateError) return error
    throw error
  }
  throw new Error("nothing was thrown")
}
