import type { SourceFile } from "../../../contract/source.ts"
import { RowgateError } from "../../../errors/rowgate-error.ts"
import { refusedBinary } from "../../files/detect/binary-format.ts"
import { withDirectory } from "../../files/detect/compound-file.ts"
import { fileSubject } from "../../files/detect/file-subject.ts"
import { lockFile } from "../../files/detect/lock-file.ts"
import { markupKind } from "../../files/detect/markup-kind.ts"
import { refuse } from "../../files/detect/refused-format.ts"
import { textHead } from "../../files/detect/text-head.ts"
import { zipKind } from "../../files/detect/zip-kind.ts"
import { readRange } from "../../files/read-range.ts"
import type { ZipArchive } from "../../files/zip/zip-archive.ts"
import { tableName } from "../../table-name.ts"
import { ContentTypesReader } from "./content-types.ts"
import type { PartReader } from "./part-reader.ts"

/** Bytes that are read to recognise another format. */
const foreignHeadBytes = 64 * 1024

/** Throws if the file is not a zip file. The error names the format that the file has. */
export async function refuseOtherFormats(file: SourceFile, size: number): Promise<void> {
  const name = tableName(file.uri)
  const head = await readRange(file, 0, Math.min(size, 4))
  if (size === 0) {
    throw new RowgateError({
      code: "SOURCE_EMPTY",
      message: `${fileSubject(name)} is empty.`,
      remedy: "Check the program that writes the file.",
      origin: { uri: file.uri },
    })
  }
  if (head[0] === 0x50 && head[1] === 0x4b) return
  const bytes = await withDirectory(file, await readRange(file, 0, Math.min(size, foreignHeadBytes)), size)
  const foreign = lockFile(name) ?? refusedBinary(bytes) ?? markupKind(textHead(bytes) ?? "")
  if (foreign !== undefined) throw refuse(foreign, name)
  throw new RowgateError({
    code: "FORMAT_UNKNOWN",
    message: `${fileSubject(name)} is not a workbook: it does not begin like a zip file.`,
    remedy: "Use the parser of the file's format, or omit the parser to have the format detected.",
    origin: { uri: file.uri },
  })
}

/** Finds the workbook part by its relationship, by its content type, or by its usual name. */
export async function findWorkbook(zip: ZipArchive, parts: PartReader): Promise<string> {
  const root = await parts.relationships("")
  const related = root.find((one) => one.type === "officeDocument")?.part
  const types = await parts.read(zip.find("[Content_Types].xml"), new ContentTypesReader())
  const isWorkbook = (name: string) => /(?:sheet|template|addin)\.(?:macroEnabled\.)?main\+xml$/i.test(types.typeOf(name))
  const candidates = [related, zip.entries.find(({ name }) => isWorkbook(name))?.name, "xl/workbook.xml"]
  const found = candidates.find((name) => name !== undefined && zip.find(name) !== undefined && /\.bin$/i.test(name) === false)
  const type = found === undefined ? "" : types.typeOf(found)
  if (found !== undefined && !/wordprocessingml|presentationml|ms-word|ms-powerpoint/i.test(type)) return found
  const name = tableName(zip.uri)
  const kind = zipKind(zip.entries.map((entry) => entry.name))
  if (typeof kind === "object") throw refuse(kind, name)
  throw new RowgateError({
    code: "FORMAT_UNKNOWN",
    message: `${fileSubject(name)} is a zip file, but not a workbook.`,
    remedy: "Unpack the zip file and load the file that holds the table.",
    origin: { uri: zip.uri },
  })
}
