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

/** A file that holds tables: the one that was given, or one that is packed in it. */
export interface FoundFile {
  readonly file: SourceFile
  readonly format: Exclude<Format, "gzip" | "zip">
  /** Where a name promises another format, and what was left alone beside it. */
  readonly notices: readonly TableNotice[]
}

/** Files left alone that are named in a notice each. */
const mostSkipped = 100

/** Files within files that are opened: a gzip in a zip. */
const deepestWrapper = 2

/** The files that a file turns out to be, told from their bytes: itself, or what gzip or zip packs into it. */
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

/** The first bytes; of a compound file the names in its directory too, which tell an old workbook from an encrypted one. */
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

/** A workbook or a zip of files: its directory says which, for parts may come in any order and under any name. */
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
  const left = skipped.slice(0, mostSkipped).map(
    (entry): TableNotice => ({
      code: "zip.skipped",
      message: `${shownText(entry)} in the zip file is not called as a table is and was left alone.`,
    }),
  )
  if (skipped.length > mostSkipped)
    left.push({ code: "zip.skipped", message: `${skipped.length - mostSkipped} more files in the zip file were left alone.` })
  for (const [at, inner] of files.entries()) yield* foundFiles(inner, limits, depth + 1, at === 0 ? [...notices, ...left] : notices)
}

async function seekable(file: SourceFile, limits: WrapperLimits | undefined): Promise<SourceFile> {
  const { heldFile } = await import("./wrappers/held-file.ts")
  return (await heldFile(file, limits?.heldBytes ?? defaultHeldBytes)).file
}

function refuseDeeper(file: SourceFile, depth: number): void {
  if (depth < deepestWrapper) return
  throw new RowgateError({
    code: "FORMAT_UNSUPPORTED",
    message: `More than ${deepestWrapper} archives are packed into one another.`,
    remedy: "Unpack the outer ones first.",
    origin: { uri: file.uri },
  })
}
