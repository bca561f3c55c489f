import { type RefusedFormat, saveAsXlsx, unsupported } from "./refused-format.ts"

/** What the names of a zip file's entries say it is: a workbook, a format that rowgate cannot read, or an archive of files. */
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
  if (has(/^meta-inf\/manifest\.mf$/)) return unsupported("a Java archive", "Unpack the file that holds the table.")
  // The parts of a workbook may have any names. Every package has a list of content types, though.
  return has(/^\[content_types\]\.xml$/) || has(/^_rels\/\.rels$/) ? "xlsx" : "zip"
}

const localSignature = Buffer.from("504b0304", "hex")

/** The names of the entries whose local headers are in the head of a zip file. */
export function namesInHead(head: Buffer): string[] {
  const names: string[] = []
  for (let at = head.indexOf(localSignature); at >= 0; ) {
    if (at + 30 > head.length) break
    const end = at + 30 + head.readUInt16LE(at + 26)
    if (end > head.length) break
    names.push(head.toString("utf8", at + 30, end))
    // Continue after the name: in a head full of signatures, each search from within a name would read the same bytes again.
    at = head.indexOf(localSignature, end)
  }
  return names
}
