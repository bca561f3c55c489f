import type { ErrorCode } from "../../../errors/error-code.ts"
import { RowgateError } from "../../../errors/rowgate-error.ts"
import { fileSubject } from "./file-subject.ts"

/** A format that rowgate recognises and cannot read. */
export interface RefusedFormat {
  readonly code: ErrorCode & ("FORMAT_UNSUPPORTED" | "FORMAT_ENCRYPTED")
  /** With its article: "a PDF document". */
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

/** The error for a file in such a format. */
export function refuse({ code, name: format, remedy }: RefusedFormat, name: string | undefined): RowgateError {
  return new RowgateError({
    code,
    message: `${fileSubject(name)} is ${format}, which rowgate cannot read.`,
    remedy,
    origin: { uri: name },
  })
}
