import type { ErrorCode } from "../../../errors/error-code.ts"
import { RowgateError } from "../../../errors/rowgate-error.ts"
import { shownText } from "../../../errors/shown-text.ts"

/** A format that is recognised and not read. */
export interface RefusedFormat {
  readonly code: ErrorCode & ("FORMAT_UNSUPPORTED" | "FORMAT_ENCRYPTED")
  /** With its article, as it stands in a sentence. */
  readonly name: string
  readonly remedy: string
}

export const saveAsXlsx = "Open it in a spreadsheet program and save it as .xlsx."

export function unsupported(name: string, remedy: string): RefusedFormat {
  return { code: "FORMAT_UNSUPPORTED", name, remedy }
}

export function encrypted(name: string, remedy: string): RefusedFormat {
  return { code: "FORMAT_ENCRYPTED", name, remedy }
}

/** The error that names a format which is not read. */
export function refuse({ code, name: format, remedy }: RefusedFormat, name: string | undefined): RowgateError {
  return new RowgateError({
    code,
    message: `${shownText(name ?? "The file")} is ${format}; that is not read.`,
    remedy,
    origin: { uri: name },
  })
}
