import type { SourceFile } from "../../../contract/source.ts"
import { RowgateError } from "../../../errors/rowgate-error.ts"
import { shownText } from "../../../errors/shown-text.ts"
import type { ZipArchive } from "../zip/zip-archive.ts"
import type { ZipEntry } from "../zip/zip-entry.ts"
import { innerUri } from "./inner-uri.ts"

/** Names of files that hold tables. In a zip of several files, others are left alone. */
const tabular = /\.(csv|tsv|tab|psv|txt|dat|json|geojson|ndjson|jsonl|ldjson|xls[xmb]?|xlt[xm]|ods|parquet|pq|gz)$/i
/** What packers add on their own. */
const litter = /(^|\/)(__MACOSX|\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*)(\/|$)/i

/** The files of a zip file that are tables, and the names of those that are passed over. */
export interface ZipFiles {
  readonly files: readonly SourceFile[]
  readonly skipped: readonly string[]
}

/**
 * The tables in a zip file: its only file, whatever it is called, or those of several files that are called as tables are.
 *
 * Fails with `SOURCE_EMPTY` where it holds no file, and with `TABLE_NOT_FOUND` where it holds several and none is called as a table is.
 */
export function zipFiles(archive: ZipArchive, version: string | undefined): ZipFiles {
  const entries = archive.entries.filter(({ name }) => !name.endsWith("/") && !litter.test(name))
  const origin = { uri: archive.uri }
  if (entries.length === 0)
    throw new RowgateError({ code: "SOURCE_EMPTY", message: "The zip file holds no file.", remedy: "Check what was to write it.", origin })
  const tables = entries.length === 1 ? entries : entries.filter(({ name }) => tabular.test(name))
  if (tables.length === 0)
    throw new RowgateError({
      code: "TABLE_NOT_FOUND",
      message: `None of the ${entries.length} files in the zip file is called as a table is: ${shownText(entries[0]?.name ?? "")} and others.`,
      remedy: "Unpack the file that holds the table.",
      origin,
    })
  const taken = new Set(tables)
  return {
    files: tables.map((entry) => entryFile(archive, entry, version)),
    skipped: entries.filter((entry) => !taken.has(entry)).map(({ name }) => name),
  }
}

/** An entry as a file. Its size is left open, so that whoever needs random access unpacks it once. */
function entryFile(archive: ZipArchive, entry: ZipEntry, version: string | undefined): SourceFile {
  return {
    uri: innerUri(archive.uri, entry.name),
    ...(version === undefined ? {} : { version }),
    async *stream({ start, end = entry.bytes } = { start: 0 }) {
      let at = 0
      for await (const piece of archive.stream(entry)) {
        if (at + piece.length > start) yield piece.subarray(Math.max(0, start - at), Math.min(piece.length, end - at))
        at += piece.length
        if (at >= end && end < entry.bytes) return
      }
    },
  }
}
