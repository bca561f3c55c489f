import { RowgateError } from "../../errors/rowgate-error.ts"

const compoundFile = Buffer.from("d0cf11e0a1b11ae1", "hex")

/** Whether bytes begin as an OLE compound file: an old .xls, or an encrypted workbook. */
export function isCompoundFile(head: Buffer): boolean {
  return head.subarray(0, 8).equals(compoundFile)
}

/** Why a compound file is not read. `bytes` is the file, or as much of it as holds its directory. */
export function compoundFileError(bytes: Buffer, uri: string): RowgateError {
  const holds = (name: string) => bytes.includes(Buffer.from(name, "utf16le"))
  if (holds("EncryptedPackage") || holds("EncryptionInfo")) {
    return new RowgateError({
      code: "FORMAT_ENCRYPTED",
      message: `${uri} is an encrypted workbook.`,
      remedy: "Open it with its password and save it without one.",
      origin: { uri },
    })
  }
  if (holds("Workbook") || holds("Book")) return unsupported(uri, "a workbook of Excel 97 to 2003 (.xls)", "Save it as .xlsx.")
  return unsupported(uri, "an OLE compound file and no workbook", "Save the table as .xlsx or .csv.")
}

/** What a zip file without an OOXML workbook is, as an error. */
export function foreignZipError(names: readonly string[], mimetype: string, uri: string): RowgateError {
  const has = (pattern: RegExp) => names.some((name) => pattern.test(name))
  if (mimetype.startsWith("application/vnd.oasis.opendocument")) return unsupported(uri, "an OpenDocument file (.ods)", "Save it as .xlsx.")
  if (has(/(^|\/)workbook\.bin$/i)) return unsupported(uri, "a binary workbook (.xlsb)", "Save it as .xlsx.")
  if (has(/^word\//i)) return unsupported(uri, "a Word document", "Save its table as .xlsx or .csv.")
  if (has(/^ppt\//i)) return unsupported(uri, "a PowerPoint presentation", "Save its table as .xlsx or .csv.")
  if (has(/^Index\/.*\.iwa$/i) || has(/^Index\.zip$/i)) return unsupported(uri, "an Apple Numbers file", "Export it as .xlsx.")
  return new RowgateError({
    code: "FORMAT_UNKNOWN",
    message: `${uri} is a zip file without a workbook in it.`,
    remedy: "Name the table itself, or take it out of the zip file.",
    origin: { uri },
  })
}

function unsupported(uri: string, what: string, remedy: string): RowgateError {
  return new RowgateError({ code: "FORMAT_UNSUPPORTED", message: `${uri} is ${what}.`, remedy, origin: { uri } })
}
