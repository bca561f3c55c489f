import { RowgateError } from "../../errors/rowgate-error.ts"

/** Which array of a table of arrays holds the names, counted from 1, or whether the first one does. */
export type JsonHeader = number | boolean

/** The option as it was given. Fails with `CONFIG_INVALID` for a number that counts nothing. */
export function jsonHeader(header: JsonHeader | undefined): JsonHeader | undefined {
  if (typeof header !== "number" || (Number.isSafeInteger(header) && header >= 1)) return header
  throw new RowgateError({
    code: "CONFIG_INVALID",
    message: `The option header is ${header}, which counts no array.`,
    remedy: "Give true, false or a whole number from 1, or leave it out.",
  })
}
