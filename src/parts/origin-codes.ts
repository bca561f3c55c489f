import type { Origin, Origins } from "../model/origin.ts"
import type { TableBatch } from "../model/table-batch.ts"
import type { ArrayReader } from "./array-reader.ts"
import type { ArrayWriter } from "./array-writer.ts"
import type { OriginsCode } from "./batch-head.ts"

type FileOrigin = OriginsCode["files"][number]

/** Writes the origins of all rows by columns. */
export function writeOrigins(batch: TableBatch<unknown>, arrays: ArrayWriter): OriginsCode {
  const { length } = batch
  const files: FileOrigin[] = []
  const fileOf = new Uint32Array(length)
  const rows = new Float64Array(length)
  const lines = new Float64Array(length)
  const offsets = new Float64Array(length)
  const addresses: (string | null)[] = []
  let hasLine = false
  let hasOffset = false
  for (let at = 0; at < length; at++) {
    const origin = batch.origin(at)
    const { row, line = Number.NaN, offset = Number.NaN, address } = origin
    rows[at] = row
    lines[at] = line
    offsets[at] = offset
    fileOf[at] = fileIndex(files, origin)
    hasLine ||= !Number.isNaN(line)
    hasOffset ||= !Number.isNaN(offset)
    if (address !== undefined) addresses[at] = address
  }
  return {
    files,
    file: arrays.whole((target) => target.set(fileOf)),
    row: arrays.numbers(rows),
    ...(hasLine ? { line: arrays.numbers(lines) } : {}),
    ...(hasOffset ? { offset: arrays.numbers(offsets) } : {}),
    ...(addresses.length === 0 ? {} : { addresses: lettersOf(addresses, rows) ?? addresses }),
  }
}

/** The origins that `writeOrigins` wrote. */
export function readOrigins(code: OriginsCode, arrays: ArrayReader): Origins {
  const files = code.files
  const file = arrays.whole(code.file)
  const rows = arrays.numbers(code.row)
  const lines = code.line && arrays.numbers(code.line)
  const offsets = code.offset && arrays.numbers(code.offset)
  const addresses = code.addresses
  return {
    at(at) {
      const { uri = "", version, table } = files[file[at] ?? 0] ?? {}
      const line = lines?.[at] ?? Number.NaN
      const offset = offsets?.[at] ?? Number.NaN
      const row = rows[at] ?? 0
      const address = typeof addresses === "string" ? addresses + row : (addresses?.[at] ?? undefined)
      return {
        uri,
        ...(version === undefined ? {} : { version }),
        ...(table === undefined ? {} : { table }),
        row,
        ...(Number.isNaN(line) ? {} : { line }),
        ...(Number.isNaN(offset) ? {} : { offset }),
        ...(address === undefined ? {} : { address }),
      }
    },
  }
}

/** The letters of all addresses, if each is those letters and the number of its row: `C` for the rows of a table that begins in C. */
function lettersOf(addresses: readonly (string | null)[], rows: Float64Array): string | undefined {
  const first = addresses[0]
  if (first === undefined || first === null) return undefined
  const letters = first.slice(0, -String(rows[0]).length)
  return rows.every((row, at) => addresses[at] === letters + row) ? letters : undefined
}

/** Rows of a batch mostly come from one file. */
function fileIndex(files: FileOrigin[], { uri, version, table }: Origin): number {
  const known = files.findLastIndex((file) => file.uri === uri && file.version === version && file.table === table)
  if (known >= 0) return known
  return files.push({ uri, ...(version === undefined ? {} : { version }), ...(table === undefined ? {} : { table }) }) - 1
}
