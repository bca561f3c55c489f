import { RowgateError } from "../../errors/rowgate-error.ts"

/** The error of a file without rows. */
export function emptyTable(uri: string, header: readonly string[]): RowgateError {
  const columns = header.length === 0 ? "" : ` below its header (${header.slice(0, 10).join(", ")})`
  return new RowgateError({
    code: "TABLE_EMPTY",
    message: `The file has no rows${columns}.`,
    remedy: 'Check the export, or allow empty files with createPipeline({ empty: "allow" }).',
    origin: { uri },
  })
}
