import { compoundKind, isCompoundFile } from "./compound-file.ts"
import { encrypted, type RefusedFormat, saveAsXlsx, unsupported } from "./refused-format.ts"

const unpack = "Unpack it first, or pack the file with gzip or zip instead."
const convert = "Convert it to parquet, csv or ndjson first."
const askForTable = "Ask the sender for the table as a spreadsheet or csv."

/** Signatures at the start of a file, decoded as latin1. A signature of letters needs a byte that is not text after it: a csv may begin with PARENT or ORC. */
const signatures: readonly (readonly [start: RegExp, format: RefusedFormat])[] = [
  [/^\s*%PDF-/, unsupported("a PDF document", askForTable)],
  [/^\x09(\x00\x04|\x02\x06|\x04\x06|\x08\x08|\x08\x10)\x00/, unsupported("an old Excel workbook (.xls)", saveAsXlsx)],
  [/^\{\\rtf/, unsupported("an RTF document", "Copy the table into a spreadsheet and save it as .xlsx.")],
  [/^PARE(?:[^ -~\t\r\n]|[\s\S][^ -~\t\r\n]{2})/, encrypted("an encrypted parquet file", "Write the file again without encryption.")],
  [/^-----BEGIN PGP/, encrypted("a PGP message", "Decrypt it first.")],
  [/^Salted__/, encrypted("a file encrypted by openssl", "Decrypt it first.")],
  [/^ARROW1\0\0/, unsupported("an Arrow file", convert)],
  [/^FEA1\0/, unsupported("a Feather file", convert)],
  [/^ORC[^ -~\t\r\n]/, unsupported("an ORC file", convert)],
  [/^Obj\x01/, unsupported("an Avro file", convert)],
  [/^SQLite format 3\0/, unsupported("an SQLite database", "Export the table as csv.")],
  [/^\0\x01\0\0Standard (Jet|ACE) DB/, unsupported("an Access database", "Export the table as csv or .xlsx.")],
  [/^7z\xbc\xaf\x27\x1c/, unsupported("a 7z archive", unpack)],
  [/^Rar!\x1a\x07/, unsupported("a RAR archive", unpack)],
  [/^BZh[1-9](1AY&SY|\x17rE8P)/, unsupported("a bzip2 file", unpack)],
  [/^\xfd7zXZ\0/, unsupported("an xz file", unpack)],
  [/^\x28\xb5\x2f\xfd/, unsupported("a zstandard file", unpack)],
  [/^\x04\x22\x4d\x18/, unsupported("an LZ4 file", unpack)],
  [/^\x1f\x9d/, unsupported("a compress file (.Z)", unpack)],
  [/^\0\0(\x02\0[\x04-\x06]\x04|\x1a\0)/, unsupported("a Lotus 1-2-3 worksheet", saveAsXlsx)],
  [/^\x89PNG\r\n\x1a\n/, unsupported("a PNG picture", askForTable)],
  [/^\xff\xd8\xff/, unsupported("a JPEG picture", askForTable)],
  [/^GIF8[79]a/, unsupported("a GIF picture", askForTable)],
]

/** The format of bytes that have the signature of a format that rowgate cannot read, or undefined. */
export function refusedBinary(head: Buffer): RefusedFormat | undefined {
  if (isCompoundFile(head)) return compoundKind(head)
  const start = head.toString("latin1", 0, 32)
  const found = signatures.find(([signature]) => signature.test(start))
  if (found !== undefined) return found[1]
  if (head.toString("latin1", 257, 262) === "ustar") return unsupported("a tar archive", unpack)
  return isDbase(head) ? unsupported("a dBase table (.dbf)", saveAsXlsx) : undefined
}

/** A dBase file has a date after its version byte, and a header of 32-byte fields that ends in CR. */
function isDbase(head: Buffer): boolean {
  if (head.length < 66 || !/^[\x02\x03\x30-\x32\x83\x8b\xf5][\0-\xff][\x01-\x0c][\x01-\x1f]/.test(head.toString("latin1", 0, 4)))
    return false
  const headerBytes = head.readUInt16LE(8)
  const fields = head.indexOf(0x0d, 32)
  return headerBytes >= 65 && fields > 32 && fields < headerBytes && (fields - 32) % 32 === 0
}
