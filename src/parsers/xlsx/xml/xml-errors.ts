import { limitExceeded } from "../../../errors/limit-exceeded.ts"
import { RowgateError } from "../../../errors/rowgate-error.ts"
import { shownText } from "../../../errors/shown-text.ts"
import type { PartPlace } from "./xml-chunks.ts"

/** The error for an XML part with a document type. Hostile files attack readers with entities, and workbooks do not need any. */
export function refusedDtd({ uri, part }: PartPlace): RowgateError {
  return new RowgateError({
    code: "FILE_HOSTILE",
    message: `The part ${shownText(part)} has a document type declaration (DTD).`,
    remedy: "Do not trust this file; ask the sender for a new one.",
    origin: { uri },
  })
}

/** The error for a part that breaks the format. `problem` completes the sentence that begins with the part's name. */
export function malformed({ uri, part }: PartPlace, problem: string): RowgateError {
  return new RowgateError({
    code: "FILE_CORRUPT",
    message: `The part ${shownText(part)} ${problem}.`,
    remedy: "Repair the workbook in a spreadsheet program and save it again.",
    origin: { uri },
  })
}

/** The error for an XML part that ends before its root element does. */
export function endsEarly({ uri, part }: PartPlace): RowgateError {
  return new RowgateError({
    code: "FILE_TRUNCATED",
    message: `The part ${shownText(part)} is cut off before the end of its root element.`,
    remedy: "Save the workbook again with the program that made it.",
    origin: { uri },
  })
}

/** The error for a part that exceeds a limit. */
export function xmlExceeded({ uri, part }: PartPlace, unit: string, seen: number, limit: number, option: string): RowgateError {
  return limitExceeded({ subject: `The part ${shownText(part)}`, unit, seen, limit, option: `limits.${option}`, origin: { uri } })
}
