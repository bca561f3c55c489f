import { RowgateError } from "../../errors/rowgate-error.ts"

/** The error for columns that no table of a source has. */
export function unknownColumns(missing: readonly string[]): RowgateError {
  const names = missing.map((name) => `"${name}"`).join(", ")
  return new RowgateError({
    code: "CONFIG_INVALID",
    message: missing.length === 1 ? `No table has the column ${names}.` : `No table has the columns ${names}.`,
    remedy: "Name the columns as the header of the file has them.",
  })
}
