import type { RefusedFormat } from "./binary-format.ts"

const saveAsXlsx = "Open it in a spreadsheet program and save it as .xlsx."

/** What kind of markup a text is; undefined where it is none. Web pages and XML are often called .xls. */
export function markupKind(text: string): RefusedFormat | undefined {
  const start = text.slice(0, 4096).trimStart().toLowerCase()
  if (!start.startsWith("<")) return undefined
  const refuse = (name: string, remedy: string): RefusedFormat => ({ code: "FORMAT_UNSUPPORTED", name, remedy })
  if (start.includes("urn:schemas-microsoft-com:office:spreadsheet") || start.includes('progid="excel.sheet"'))
    return refuse("an XML Spreadsheet 2003", saveAsXlsx)
  if (/^(<!--.*?-->\s*)*<(!doctype html|html|head|body|table|meta|style|div|script)\b/s.test(start))
    return refuse("a web page, as some programs save a spreadsheet", saveAsXlsx)
  if (start.includes("urn:oasis:names:tc:opendocument")) return refuse("a flat OpenDocument file (.fods)", saveAsXlsx)
  if (/^<(\?xml\b|!doctype\b|!--|[a-z_][\w:.-]*(\s[^<]*)?\/?>)/.test(start))
    return refuse("an XML document", "Convert it to csv, json or .xlsx first.")
  return undefined
}
