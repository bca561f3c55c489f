import type { SourceFile } from "../../../contract/source.ts"
import { readRange } from "../read-range.ts"
import { encrypted, type RefusedFormat, saveAsXlsx, unsupported } from "./refused-format.ts"

const signature = Buffer.from("d0cf11e0a1b11ae1", "hex")

/** Whether bytes begin with the signature of a compound file (MS-CFB): an old Office document, or an encrypted new one. */
export function isCompoundFile(head: Buffer): boolean {
  return head.subarray(0, 8).equals(signature)
}

/** Appends the first sectors of the directory to the head of a compound file. The directory may be anywhere in the file. */
export async function withDirectory(file: SourceFile, head: Buffer, size: number | undefined): Promise<Buffer> {
  if (head.length < 76 || !isCompoundFile(head) || size === undefined) return head
  const sectorBytes = 1 << (head.readUInt16LE(30) & 15)
  const start = (head.readUInt32LE(48) + 1) * sectorBytes
  return start >= size ? head : Buffer.concat([head, await readRange(file, start, Math.min(start + 4096, size))])
}

const copyTable = "Copy the table into a spreadsheet and save it as .xlsx."

/** Formats by the names of streams in the directory. The first match wins. */
const kinds: readonly (readonly [names: readonly string[], format: RefusedFormat])[] = [
  [
    ["EncryptedPackage", "EncryptionInfo"],
    encrypted("an encrypted Excel workbook", "Open it with its password, remove the password and save it again."),
  ],
  [["WordDocument"], unsupported("an old Word document (.doc)", copyTable)],
  [["PowerPoint Document"], unsupported("an old PowerPoint file (.ppt)", copyTable)],
  [["VisioDocument"], unsupported("a Visio drawing (.vsd)", copyTable)],
  [["__substg1.0_"], unsupported("an Outlook message (.msg)", "Save its attachment as a file.")],
  [["Quill"], unsupported("a Publisher document (.pub)", copyTable)],
  [["Workbook", "Book", "WORKBOOK", "BOOK"], unsupported("an old Excel workbook (.xls)", saveAsXlsx)],
]
const anyOther = unsupported("an OLE compound file, as old Office programs write them", "Save its table as .xlsx or .csv.")

/** The format of a compound file. `bytes` holds its head and the first sectors of its directory. */
export function compoundKind(bytes: Buffer): RefusedFormat {
  // The directory holds names in UTF-16.
  const found = kinds.find(([names]) => names.some((name) => bytes.includes(Buffer.from(name, "utf16le"))))
  return found?.[1] ?? anyOther
}
