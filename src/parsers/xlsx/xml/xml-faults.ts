import { limitExceeded } from "../../../errors/limit-exceeded.ts"
import { RowgateError } from "../../../errors/rowgate-error.ts"
import { shownText } from "../../../errors/shown-text.ts"
import type { PartPlace } from "./xml-chunks.ts"

/** An XML part with a document type: entities are how XML files attack their readers, and workbooks have no use for them. */
export function refusedDtd({ uri, part }: PartPlace): RowgateError {
  return new RowgateError({
    code: "FILE_HOSTILE",
    message: `The part ${shownText(part)} has a document type declaration (DTD).`,
    remedy: "Do not trust the file; ask its sender for another one.",
    origin: { uri },
  })
}

export function malformed({ uri, part }: PartPlace, fault: string): RowgateError {
  return new RowgateError({
    code: "FILE_CORRUPT",
    message: `The part ${shownText(part)} ${fault}.`,
    remedy: "Open the workbook in the program that made it, let it be repaired, and save it again.",
    origin: { uri },
  })
}

/** An XML part that ends before its root element does. */
export function endsEarly({ uri, part }: PartPlace): RowgateError {
  return new RowgateError({
    code: "FILE_TRUNCATED",
    message: `The part ${shownText(part)} ends before its last element does.`,
    remedy: "Save the workbook again; the program that wrote it was interrupted.",
    origin: { uri },
  })
}

/** A limit of XML, by its option. */
export function xmlExceeded({ uri, part }: PartPlace, unit: string, seen: number, limit: number, option: string): RowgateError {
  return limitExceeded({ subject: `The part ${shownText(part)}`, unit, seen, limit, option: `limits.${option}`, origin: { uri } })
}
