import type { ErrorCode } from "../../errors/error-code.ts"

/** A format that is recognised and not read. */
export interface RefusedFormat {
  readonly code: ErrorCode & ("FORMAT_UNSUPPORTED" | "FORMAT_ENCRYPTED")
  /** With its article, as it stands in a sentence. */
  readonly name: string
  readonly remedy: string
}

const saveAsXlsx = "Open it in a spreadsheet program and save it as .xlsx."
const unpack = "Unpack it first; gzip and zip are unpacked on the fly."
const convert = "Convert it to parquet, csv or ndjson first."

const unsupported = (name: string, remedy: string): RefusedFormat => ({ code: "FORMAT_UNSUPPORTED", name, remedy })
const encrypted = (name: string, remedy: string): RefusedFormat => ({ code: "FORMAT_ENCRYPTED", name, remedy })

const oldWorkbook = unsupported("an old Excel workbook (.xls)", saveAsXlsx)
const lockedWorkbook = encrypted("an encrypted Excel workbook", "Open it with its password, remove the password and save it again.")

/** First bytes, as latin1, of formats that are told apart by them. A csv may well begin with PARENT or ORC. */
const signatures: readonly (readonly [start: RegExp, format: RefusedFormat])[] = [
  [/^%PDF-/, unsupported("a PDF document", "Ask for the table as a spreadsheet or csv; a PDF holds a picture of it.")],
  [/^\x09(\x00\x04|\x02\x06|\x04\x06|\x08\x08|\x08\x10)\x00/, oldWorkbook],
  [/^\{\\rtf/, unsupported("an RTF document", "Copy the table into a spreadsheet and save it as .xlsx.")],
  [/^PARE[^ -~\t\r\n]/, encrypted("an encrypted parquet file", "Write it again without encryption.")],
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
  [/^\x89PNG\r\n\x1a\n/, unsupported("a PNG picture", "Ask for the table itself.")],
  [/^\xff\xd8\xff/, unsupported("a JPEG picture", "Ask for the table itself.")],
  [/^GIF8[79]a/, unsupported("a GIF picture", "Ask for the table itself.")],
]

const compoundFile = Buffer.from("d0cf11e0a1b11ae1", "hex")

/** The format of bytes that begin with a known signature of something that is not read. */
export function refusedBinary(head: Buffer): RefusedFormat | undefined {
  if (head.subarray(0, 8).equals(compoundFile)) return compoundKind(head)
  const start = head.toString("latin1", 0, 32)
  const found = signatures.find(([signature]) => signature.test(start))
  if (found !== undefined) return found[1]
  return head.toString("latin1", 257, 262) === "ustar" ? unsupported("a tar archive", unpack) : undefined
}

/** What a compound file (MS-CFB) is, by the stream names of its directory: UTF-16, so they are found as such. */
function compoundKind(head: Buffer): RefusedFormat {
  const holds = (name: string) => head.includes(Buffer.from(name, "utf16le"))
  if (holds("EncryptedPackage") || holds("EncryptionInfo")) return lockedWorkbook
  if (holds("WordDocument")) return unsupported("an old Word document (.doc)", "Copy the table into a spreadsheet and save it as .xlsx.")
  if (holds("PowerPoint Document"))
    return unsupported("an old PowerPoint file (.ppt)", "Copy the table into a spreadsheet and save it as .xlsx.")
  if (holds("__substg1.0_")) return unsupported("an Outlook message (.msg)", "Save its attachment as a file.")
  return oldWorkbook
}

/** Where the first sector of a compound file's directory stands: its names may be far behind the head. */
export function compoundDirectory(head: Buffer): { readonly start: number; readonly end: number } | undefined {
  if (head.length < 76 || !head.subarray(0, 8).equals(compoundFile)) return undefined
  const sectorBytes = 1 << (head.readUInt16LE(30) & 15)
  const start = (head.readUInt32LE(48) + 1) * sectorBytes
  return { start, end: start + 4096 }
}
