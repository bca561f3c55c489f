import type { SourceFile } from "../../contract/source.ts"
import { counted } from "../../errors/counted.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import { shownText } from "../../errors/shown-text.ts"
import type { TableNotice } from "../../model/table-facts.ts"
import { tableName } from "../table-name.ts"
import { withDirectory } from "./detect/compound-file.ts"
import { detect, type Format, headBytes, noticesOf } from "./detect/detect.ts"
import { refuse } from "./detect/refused-format.ts"
import { zipKind } from "./detect/zip-kind.ts"
import type { Unpacking } from "./wrappers/unpacking.ts"
import { defaultHeldBytes, type WrapperLimits } from "./wrappers/wrapper-limits.ts"

/** A file that holds tables: the given file, or one packed inside it. */
export interface FoundFile {
  readonly file: SourceFile
  readonly format: Exclude<Format, "gzip" | "zip">
  /** A name whose extension belongs to another format, and the files of a zip that were skipped. */
  readonly notices: readonly TableNotice[]
  /** What the given file unpacks to; undefined if the found file is the given one. */
  readonly unpacking?: Unpacking | undefined
}

/** The layers around a file. */
interface Layers {
  readonly depth: number
  readonly notices: readonly TableNotice[]
  readonly unpacking?: Unpacking | undefined
}

/** This many skipped files get a notice each. One more notice counts the others. */
const mostSkippedNotices = 100

/** Layers of archives that are opened. A gzip in a zip is two. */
const deepestWrapper = 2

/** Yields the file itself, or the files that its gzip or zip archive holds. Formats are detected from the bytes. */
export async function* foundFiles(
  file: SourceFile,
  limits: WrapperLimits | undefined,
  outer: Layers = { depth: 0, notices: [] },
): AsyncGenerator<FoundFile, void, undefined> {
  const { format, notices } = detect(await headOf(file), tableName(file.uri))
  if (format === "zip" || format === "xlsx") {
    yield* withinZip(file, limits, outer)
  } else if (format === "gzip") {
    refuseDeeper(file, outer)
    const { gunzipFile } = await import("./wrappers/gunzip-file.ts")
    const { zipBounds } = await import("./zip/zip-limits.ts")
    const layers = await within(file, limits, outer, notices)
    yield* foundFiles(gunzipFile(file, zipBounds(limits), layers.unpacking), limits, layers)
  } else {
    const found = format === "parquet" ? await seekable(file, limits) : file
    yield { file: found, format, notices: [...outer.notices, ...notices], unpacking: outer.unpacking }
  }
}

async function within(file: SourceFile, limits: WrapperLimits | undefined, outer: Layers, notices: readonly TableNotice[]) {
  const { Unpacking } = await import("./wrappers/unpacking.ts")
  return { depth: outer.depth + 1, notices: [...outer.notices, ...notices], unpacking: outer.unpacking ?? new Unpacking(file, limits) }
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
  outer: Layers,
): AsyncGenerator<FoundFile, void, undefined> {
  const { heldFile } = await import("./wrappers/held-file.ts")
  const { ZipArchive } = await import("./zip/zip-archive.ts")
  const { file, size } = await heldFile(packed, limits?.heldBytes ?? defaultHeldBytes)
  const archive = await ZipArchive.open(file, size, limits)
  const kind = zipKind(archive.entries.map((entry) => entry.name))
  const name = tableName(file.uri)
  if (typeof kind === "object") throw refuse(kind, name)
  const notices = noticesOf(kind, name)
  if (kind === "xlsx") {
    outer.unpacking?.add(archive.entries.reduce((sum, { bytes }) => sum + bytes, 0))
    yield { file, format: kind, notices: [...outer.notices, ...notices], unpacking: outer.unpacking }
    return
  }
  refuseDeeper(file, outer)
  const layers = await within(file, limits, outer, notices)
  const { zipFiles } = await import("./wrappers/zip-files.ts")
  const { files, skipped, empty } = await zipFiles(archive, file.version, layers.unpacking)
  const skippedNotices = [
    ...leftOut(empty, "zip.empty", (entry) => `The file ${entry} in the zip file is empty, so nothing of it is loaded.`),
    ...leftOut(skipped, "zip.skipped", (entry) => `The file ${entry} in the zip file was skipped: its name is not that of a table.`),
  ]
  for (const [at, inner] of files.entries())
    yield* foundFiles(inner, limits, at === 0 ? { ...layers, notices: [...layers.notices, ...skippedNotices] } : layers)
}

/** A notice for each file of a zip that is not read. */
function leftOut(names: readonly string[], code: string, text: (name: string) => string): readonly TableNotice[] {
  const notices = names.slice(0, mostSkippedNotices).map((name) => ({ code, message: text(shownText(name)) }))
  const more = names.length - notices.length
  if (more === 0) return notices
  return [
    ...notices,
    { code, message: `${counted(more, "more file", "more files")} in the zip file ${more === 1 ? "was" : "were"} left out.` },
  ]
}

async function seekable(file: SourceFile, limits: WrapperLimits | undefined): Promise<SourceFile> {
  const { heldFile } = await import("./wrappers/held-file.ts")
  return (await heldFile(file, limits?.heldBytes ?? defaultHeldBytes)).file
}

function refuseDeeper(file: SourceFile, { depth }: Layers): void {
  if (depth < deepestWrapper) return
  throw new RowgateError({
    code: "FORMAT_UNSUPPORTED",
    message: `The file is packed in more than ${deepestWrapper} layers of archives.`,
    remedy: "Unpack the outer archives first.",
    origin: { uri: file.uri },
  })
}
