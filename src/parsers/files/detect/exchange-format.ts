import { type RefusedFormat, saveAsXlsx, unsupported } from "./refused-format.ts"

/** The old text format for exchanging spreadsheets that a text is in, or undefined. SYLK needs a second line: a csv may have the header `ID;PRICE`. */
export function exchangeFormat(text: string): RefusedFormat | undefined {
  if (/^ID(;P| +\w)[^\r\n]*(\r\n?|\n)([BCFOPW]|NN|NE);[A-Z]/.test(text)) return unsupported("a SYLK file (.slk)", saveAsXlsx)
  if (/^(From: <Saved by |MIME-Version:[^\r\n]*(\r\n?|\n)([A-Za-z-]+:|[ \t]))/i.test(text))
    return unsupported("a web archive (.mht), as some programs save a spreadsheet", saveAsXlsx)
  if (/^TABLE(\r\n?|\n)0,1(\r\n?|\n)"/.test(text)) return unsupported("a DIF file (.dif)", saveAsXlsx)
  return undefined
}
