import type { SourceFile } from "../../../contract/source.ts"
import { RowgateError } from "../../../errors/rowgate-error.ts"
import { shownText } from "../../../errors/shown-text.ts"
import { isBlankFile } from "../detect/is-blank-file.ts"
import { isLockName } from "../detect/lock-file.ts"
import type { ZipArchive } from "../zip/zip-archive.ts"
import type { ZipEntry } from "../zip/zip-entry.ts"
import { innerUri } from "./inner-uri.ts"
import type { Unpacking } from "./unpacking.ts"

/** Matches the names of table files. In a zip of several files, other files are skipped. */
const tabular = /\.(csv|tsv|tab|psv|txt|dat|json|geojson|ndjson|jsonl|ldjson|xls[xmb]?|xlt[xm]|ods|parquet|pq|gz)$/i
/** Texts about the tables beside them. */
const about =
  /(^|\/)(read[ _-]?me|lies[ _-]?mich|lisez[ _-]?moi|l[eé]e?me|leggimi|licen[cs]e|copying|copyright|notice|change[ _-]?log)[^/]*\.txt$/i
/** Files that operating systems and packers add. */
const litter = /(^|\/)(__MACOSX|\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*)(\/|$)/i

/** The table files of a zip file, and the names of the files that are skipped. */
export interface ZipFiles {
  readonly files: readonly SourceFile[]
  readonly skipped: readonly string[]
  /** The names of the files that are empty. Files without anything but blanks are empty too. */
  readonly empty: readonly string[]
}

/** Larger files are not looked through for something other than blanks. */
const mostBlankBytes = 4096

/**
 * The table files in a zip file, without empty ones unless all are. A single file counts, whatever its name. Of several files, only those with the extension of a table file count, but
 * no `README.txt` and the like.
 *
 * Throws `SOURCE_EMPTY` if the zip holds no file, `TABLE_NOT_FOUND` if it holds several and none has such an extension, and `LIMIT_EXCEEDED` if more
 * of them are tables than may be read.
 */
export async function zipFiles(archive: ZipArchive, version: string | undefined, unpacking: Unpacking): Promise<ZipFiles> {
  const entries = archive.entries.filter(({ name }) => !name.endsWith("/") && !litter.test(name) && !isLockName(name))
  const origin = { uri: archive.uri }
  if (entries.length === 0)
    throw new RowgateError({
      code: "SOURCE_EMPTY",
      message: "The zip file holds no files.",
      remedy: "Check the program that writes the file.",
      origin,
    })
  const tables = entries.length === 1 ? entries : entries.filter(({ name }) => tabular.test(name) && !about.test(name))
  if (tables.length === 0)
    throw new RowgateError({
      code: "TABLE_NOT_FOUND",
      message: `None of the ${entries.length} files in the zip file has the extension of a table file; the first is ${shownText(entries[0]?.name ?? "")}.`,
      remedy: "Unpack the file that holds the table.",
      origin,
    })
  unpacking.addFiles(tables.length)
  const taken = new Set(tables)
  const files = tables.map((entry) => ({ entry, file: entryFile(archive, entry, version, unpacking) }))
  const empty = new Set<string>()
  if (tables.length > 1)
    for (const { entry, file } of files) if (entry.bytes <= mostBlankBytes && (await isBlankFile(file))) empty.add(entry.name)
  const isAllEmpty = empty.size === tables.length
  return {
    files: files.filter(({ entry }) => isAllEmpty || !empty.has(entry.name)).map(({ file }) => file),
    skipped: entries.filter((entry) => !taken.has(entry)).map(({ name }) => name),
    empty: isAllEmpty ? [] : [...empty],
  }
}

/** An entry as a file. It states no size, so a reader that needs random access unpacks it into memory once (see `heldFile`). */
function entryFile(archive: ZipArchive, entry: ZipEntry, version: string | undefined, unpacking: Unpacking): SourceFile {
  let isCounted = false
  return {
    uri: innerUri(archive.uri, entry.name),
    ...(version === undefined ? {} : { version }),
    async *stream({ start, end = entry.bytes } = { start: 0 }) {
      if (!isCounted) unpacking.add(entry.bytes)
      isCounted = true
      let at = 0
      for await (const piece of archive.stream(entry)) {
        if (at + piece.length > start) yield piece.subarray(Math.max(0, start - at), Math.min(piece.length, end - at))
        at += piece.length
        if (at >= end && end < entry.bytes) return
      }
    },
  }
}
