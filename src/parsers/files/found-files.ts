import type { SourceFile } from "../../contract/source.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import { shownText } from "../../errors/shown-text.ts"
import type { TableNotice } from "../../model/table-facts.ts"
import { tableName } from "../table-name.ts"
import { withDirectory } from "./detect/compound-file.ts"
import { detect, type Format, headBytes, noticesOf } from "./detect/detect.ts"
import { refuse } from "./detect/refused-format.ts"
import { zipKind } from "./detect/zip-kind.ts"
import { defaultHeldBytes, type WrapperLimits } from "./wrappers/wrapper-limits.ts"

/** A file that holds tables: the given file, or one packed inside it. */
export interface FoundFile {
  readonly file: SourceFile
  readonly format: Exclude<Format, "gzip" | "zip">
  /** A name whose extension belongs to another format, and the files of a zip that were skipped. */
  readonly notices: readonly TableNotice[]
}

/** This many skipped files get a notice each. One more notice counts the others. */
const mostSkippedNotices = 100

/** Layers of archives that are opened. A gzip in a zip is two. */
const deepestWrapper = 2

/** Yields the file itself, or the files that its gzip or zip archive holds. Formats are detected from the bytes. */
export async function* foundFiles(
  file: SourceFile,
  limits: WrapperLimits | undefined,
  depth = 0,
  outer: readonly TableNotice[] = [],
): AsyncGenerator<FoundFile, void, undefined> {
  const { format, notices } = detect(await headOf(file), tableName(file.uri))
  if (format === "zip" || format === "xlsx") {
    yield* withinZip(file, limits, depth, outer)
  } else if (format === "gzip") {
    refuseDeeper(file, depth)
    const { gunzipFile } = await import("./wrappers/gunzip-file.ts")
    const { zipBounds } = await import("./zip/zip-limits.ts")
    yield* foundFiles(gunzipFile(file, zipBounds(limits)), limits, depth + 1, [...outer, ...notices])
  } else yield { file: format === "parquet" ? await seekable(file, limits) : file, format, notices: [...outer, ...notices] }
}

/** The first bytes. For a compound file it adds the start of its directory, whose names tell an old workbook from an encrypted one. */
async function headOf(file: SourceFile): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of file.stream({ start: 0, end: headBytes })) {
    parts.push(part)
    length += part.length
    if (length >= headBytes) break
  }
  return withDirectory(file, Buffer.concat(parts).subarray(0, headBytes), file.size)
}

/** Reads the directory to tell a workbook from a zip of files: the parts may come in any order and have any name, so the head is not enough. */
async function* withinZip(
  packed: SourceFile,
  limits: WrapperLimits | undefined,
  depth: number,
  outer: readonly TableNotice[],
): AsyncGenerator<FoundFile, void, undefined> {
  const { heldFile } = await import("./wrappers/held-file.ts")
  const { ZipArchive } = await import("./zip/zip-archive.ts")
  const { file, size } = await heldFile(packed, limits?.heldBytes ?? defaultHeldBytes)
  const archive = await ZipArchive.open(file, size, limits)
  const kind = zipKind(archive.entries.map((entry) => entry.name))
  const name = tableName(file.uri)
  if (typeof kind === "object") throw refuse(kind, name)
  const notices = [...outer, ...noticesOf(kind, name)]
  if (kind === "xlsx") {
    yield { file, format: kind, notices }
    return
  }
  refuseDeeper(file, depth)
  const { zipFiles } = await import("./wrappers/zip-files.ts")
  const { files, skipped } = zipFiles(archive, file.version)
  const skippedNotices = skipped.slice(0, mostSkippedNotices).map(
    (entry): TableNotice => ({
      code: "zip.skipped",
      message: `The file ${shownText(entry)} in the zip file was skipped: its name does not have the extension of a table file.`,
    }),
  )
  if (skipped.length > mostSkippedNotices)
    skippedNotices.push({ code: "zip.skipped", message: `${skipped.length - mostSkippedNotices} more files in the zip file were skipped.` })
  for (const [at, inner] of files.entries())
    yield* foundFiles(inner, limits, depth + 1, at === 0 ? [...notices, ...skippedNotices] : notices)
}

async function seekable(file: SourceFile, limits: WrapperLimits | undefined): Promise<SourceFile> {
  const { heldFile } = await import("./wrappers/held-file.ts")
  return (await heldFile(file, limits?.heldBytes ?? defaultHeldBytes)).file
}

function refuseDeeper(file: SourceFile, depth: number): void {
  if (depth < deepestWrapper) return
  throw new RowgateError({
    code: "FORMAT_UNSUPPORTED",
    message: `The file is packed in more than ${deepestWrapper} layers of archives.`,
    remedy: "Unpack the outer archives first.",
    origin: { uri: file.uri },
  })
}
