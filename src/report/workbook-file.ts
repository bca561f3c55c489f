import type { Fill, stream } from "exceljs"
import { RowgateError } from "../errors/rowgate-error.ts"
import { PartFile } from "../files/part-file.ts"

export type WorkbookWriter = stream.xlsx.WorkbookWriter

/** The cells that a spreadsheet program can hold, from its specification. */
export const sheetLimits = { rows: 1_048_576, columns: 16_384, text: 32_767 } as const
/** Headers and columns that rowgate has added. */
export const greyFill: Fill = { type: "pattern", pattern: "solid", fgColor: { argb: "FFEDEDED" } }

/** Writes a workbook sheet by sheet. The file appears under its name when it is complete. */
export async function writeWorkbook<R>(path: string, instead: string, fill: (book: WorkbookWriter) => Promise<R>): Promise<R> {
  const { default: excel } = await import("exceljs").catch((cause: unknown) => {
    throw new RowgateError({
      code: "DEPENDENCY_MISSING",
      message: "Writing a workbook needs the package exceljs, which is not installed.",
      remedy: `Run npm install exceljs${instead}.`,
      cause,
    })
  })
  let part: PartFile | undefined
  try {
    part = await PartFile.create(path)
    const stream = part.stream()
    const book = new excel.stream.xlsx.WorkbookWriter({ stream, useStyles: true })
    // If the disk is full, the writer waits forever for its stream to end.
    const failed = new Promise<never>((_, reject) => stream.once("error", reject))
    failed.catch(() => undefined)
    const written = await Promise.race([fill(book), failed])
    await Promise.race([book.commit(), failed])
    await part.publish(path)
    return written
  } catch (error) {
    await part?.discard().catch(() => undefined)
    throw error instanceof Error && "syscall" in error ? unwritable(path, error) : error
  }
}

/** Escapes characters that XML cannot hold as the format does, and text that looks like such an escape. */
export function escaped(text: string): string {
  return text
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, "_x005F_")
    .replace(/[\0-\x08\x0b\x0c\r\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu, (character) => {
      return `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}_`
    })
}

function unwritable(path: string, cause: Error): RowgateError {
  return new RowgateError({
    code: "SINK_REFUSED",
    message: `The file ${path} cannot be written: ${cause.message}.`,
    remedy: "Check that the folder exists, is writable and has free space.",
    origin: { uri: path },
    cause,
  })
}
