import { type RefusedFormat, saveAsXlsx, unsupported } from "./refused-format.ts"

/** What kind of markup a text is; undefined where it is none. Web pages and XML are often called .xls. */
export function markupKind(text: string): RefusedFormat | undefined {
  const start = text.slice(0, 4096).trimStart().toLowerCase()
  if (!start.startsWith("<")) return undefined
  if (start.includes("urn:schemas-microsoft-com:office:spreadsheet") || start.includes('progid="excel.sheet"'))
    return unsupported("an XML Spreadsheet 2003", saveAsXlsx)
  if (/^<(!doctype html|html|head|body|table|meta|style|div|script)\b/.test(behindComments(start)))
    return unsupported("a web page, as some programs save a spreadsheet", saveAsXlsx)
  if (start.includes("<gnm:workbook")) return unsupported("a Gnumeric workbook", saveAsXlsx)
  if (start.includes("urn:oasis:names:tc:opendocument")) return unsupported("a flat OpenDocument file (.fods)", saveAsXlsx)
  if (/^<(\?xml\b|!doctype\b|!--|[a-z_][\w:.-]*(\s[^<]*)?\/?>)/.test(start))
    return unsupported("an XML document", "Convert it to csv, json or .xlsx first.")
  return undefined
}

/** What follows the comments that a text begins with. By hand: a pattern for this backtracks into every comment. */
function behindComments(text: string): string {
  let at = 0
  while (text.startsWith("<!--", at)) {
    const end = text.indexOf("-->", at + 4)
    if (end < 0) return ""
    at = end + 3
    while (at < text.length && text.charCodeAt(at) <= 32) at++
  }
  return text.slice(at)
}
