import { type RefusedFormat, saveAsXlsx, unsupported } from "./refused-format.ts"

/** What a zip file is by the names of its entries: a workbook, something that is not read, or just a zip of files. */
export function zipKind(names: readonly string[]): "xlsx" | "zip" | RefusedFormat {
  const parts = names.map((name) => name.toLowerCase().replaceAll("\\", "/").replace(/^\/+/, ""))
  const has = (pattern: RegExp) => parts.some((part) => pattern.test(part))
  if (has(/^xl\/workbook\.bin$/)) return unsupported("a binary Excel workbook (.xlsb)", saveAsXlsx)
  if (has(/^xl\//)) return "xlsx"
  if (has(/^word\//)) return unsupported("a Word document (.docx)", "Copy the table into a spreadsheet and save it as .xlsx.")
  if (has(/^ppt\//)) return unsupported("a PowerPoint file (.pptx)", "Copy the table into a spreadsheet and save it as .xlsx.")
  if (has(/^index\/.*\.iwa$/) || parts.includes("index.zip")) return unsupported("a Numbers, Pages or Keynote file", "Export it as .xlsx.")
  if (parts.includes("mimetype") && has(/^(content\.xml|meta-inf\/manifest\.xml)$/))
    return unsupported("an OpenDocument file, such as .ods", saveAsXlsx)
  if (has(/^meta-inf\/manifest\.mf$/)) return unsupported("a Java archive", "Unpack the table that it holds.")
  // Parts of a workbook may be called anything; what every package has is its list of content types.
  return has(/^\[content_types\]\.xml$/) || has(/^_rels\/\.rels$/) ? "xlsx" : "zip"
}

const localSignature = Buffer.from("504b0304", "hex")

/** The names of the entries whose local headers stand in the head of a zip file. */
export function namesInHead(head: Buffer): string[] {
  const names: string[] = []
  for (let at = head.indexOf(localSignature); at >= 0; ) {
    if (at + 30 > head.length) break
    const end = at + 30 + head.readUInt16LE(at + 26)
    if (end > head.length) break
    names.push(head.toString("utf8", at + 30, end))
    // Not from within the name: a head of signatures would be read as often as it has some.
    at = head.indexOf(localSignature, end)
  }
  return names
}
