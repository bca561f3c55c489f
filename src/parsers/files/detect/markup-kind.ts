import { type RefusedFormat, saveAsXlsx, unsupported } from "./refused-format.ts"

/** The kind of markup that a text is, or undefined. Web pages and XML files are often named .xls. */
export function markupKind(text: string): RefusedFormat | undefined {
  const start = text.slice(0, 4096).trimStart().toLowerCase()
  if (!start.startsWith("<")) return undefined
  if (start.includes("urn:schemas-microsoft-com:office:spreadsheet") || start.includes('progid="excel.sheet"'))
    return unsupported("an XML Spreadsheet 2003", saveAsXlsx)
  if (/^<(!doctype html|html|head|body|table|meta|style|div|script)\b/.test(afterComments(start)))
    return unsupported("a web page, as some programs save a spreadsheet", saveAsXlsx)
  if (start.includes("<gnm:workbook")) return unsupported("a Gnumeric workbook", saveAsXlsx)
  if (start.includes("urn:oasis:names:tc:opendocument")) return unsupported("a flat OpenDocument file (.fods)", saveAsXlsx)
  if (/^<(\?xml\b|!doctype\b|!--|[a-z_][\w:.-]*(\s[^<]*)?\/?>)/.test(start))
    return unsupported("an XML document", "Convert it to csv, json or .xlsx first.")
  return undefined
}

/** The text after its leading comments. It is scanned by hand, because a regular expression would backtrack into every comment. */
function afterComments(text: string): string {
  let at = 0
  while (text.startsWith("<!--", at)) {
    const end = text.indexOf("-->", at + 4)
    if (end < 0) return ""
    at = end + 3
    while (at < text.length && text.charCodeAt(at) <= 32) at++
  }
  return text.slice(at)
}
