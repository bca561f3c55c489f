import { RowgateError } from "../../errors/rowgate-error.ts"

/** In a table of arrays: the number of the array with the names, counted from 1, or whether the first array has them. */
export type JsonHeader = number | boolean

/** Returns the option unchanged. Fails with `CONFIG_INVALID` for a number that is not a whole number of 1 or more. */
export function jsonHeader(header: JsonHeader | undefined): JsonHeader | undefined {
  if (typeof header !== "number" || (Number.isSafeInteger(header) && header >= 1)) return header
  throw new RowgateError({
    code: "CONFIG_INVALID",
    message: `The option header is ${header}, which is not the number of an array.`,
    remedy: "Set the option header to true, false or a whole number of 1 or more.",
  })
}
