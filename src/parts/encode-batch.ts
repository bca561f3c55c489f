import { limitExceeded } from "../errors/limit-exceeded.ts"
import { Bitmask } from "../model/bitmask.ts"
import type { Issue } from "../model/issue.ts"
import type { RowShape } from "../model/row-view.ts"
import type { TableBatch } from "../model/table-batch.ts"
import { ArrayWriter } from "./array-writer.ts"
import type { BatchHead, ShapeCode } from "./batch-head.ts"
import { ColumnWriter } from "./column-writer.ts"
import { writeOrigins } from "./origin-codes.ts"
import { mostFrameBytes, mostFrameRows } from "./part-format.ts"

/**
 * A batch as bytes, with everything that stages did to it. The bytes are a copy: the batch may be released afterwards. Values that the format does not
 * have, such as a `Map`, are written as their text, or throw `PIPELINE_INVALID` (default).
 */
export function encodeBatch(batch: TableBatch<unknown>, others: "refuse" | "text" = "refuse"): Uint8Array {
  const { length } = batch
  if (length > mostFrameRows) throw tooLarge("rows", length, mostFrameRows)
  const arrays = new ArrayWriter(length)
  const columns = new ColumnWriter(length, arrays, others)
  const { header } = batch.table
  const raw = shapeCode(batch.rawShape, columns, header)
  const own = batch.shape === batch.rawShape ? undefined : shapeCode(batch.shape, columns, header)
  const mask = (count: number, has: (row: number) => boolean) => columns.mask(maskOf(length, count, has))
  const head: BatchHead = {
    rows: length,
    table: batch.table,
    ...columns.finish(),
    raw,
    ...(own === undefined ? {} : { own }),
    origins: writeOrigins(batch, arrays),
    selection: columns.mask({ bits: batch.selection.bits, count: batch.selection.size, has: (row) => batch.selection.has(row) }),
    filtered: mask(batch.filtered, (row) => batch.dropped(row)),
    distrusted: mask(batch.distrusted, (row) => !batch.trusts(row)),
    ...(batch.unjudged.isEmpty
      ? {}
      : { unjudged: Array.from(batch.unjudged, ([rule, rows]) => [rule, mask(rows.size, (row) => rows.has(row))]) }),
    ...issueCodes(batch),
    ...(batch.quality === undefined ? {} : { quality: arrays.numbers(batch.quality) }),
    ...(batch.unread === undefined || batch.unread.size === 0 ? {} : { unread: [...batch.unread] }),
  }
  return join(Buffer.from(JSON.stringify(head)), arrays)
}

function join(head: Uint8Array, arrays: ArrayWriter): Uint8Array {
  const from = (4 + head.length + 7) & ~7
  const size = from + arrays.length
  if (size > mostFrameBytes) throw tooLarge("bytes", size, mostFrameBytes)
  const bytes = Buffer.allocUnsafeSlow(size)
  bytes.writeUInt32LE(head.length, 0)
  bytes.set(head, 4)
  bytes.fill(0, 4 + head.length, from)
  arrays.copyTo(bytes, from)
  return bytes
}

function shapeCode({ names, columns, absent }: RowShape, writer: ColumnWriter, header: readonly string[]): ShapeCode {
  const isHeader = names === header || (names.length === header.length && names.every((name, at) => name === header[at]))
  return {
    ...(isHeader ? {} : { names }),
    columns: columns.map((column, at) => writer.add(column, names[at] ?? "")),
    ...(absent.size === 0 ? {} : { absent: [...absent] }),
  }
}

function maskOf(length: number, count: number, has: (row: number) => boolean): Bitmask {
  const mask = new Bitmask(length)
  if (count > 0) for (let row = 0; row < length; row++) if (has(row)) mask.set(row)
  return mask
}

/** Many rows may have the same issue, so each is written once. */
function issueCodes({ issues: table }: TableBatch<unknown>): Pick<BatchHead, "issues" | "found"> {
  const indexes = new Map<Issue, number>()
  const found: [number, number][] = []
  for (const row of table.rows()) {
    for (const issue of table.found(row)) {
      let index = indexes.get(issue)
      if (index === undefined) {
        index = indexes.size
        indexes.set(issue, index)
      }
      found.push([row, index])
    }
  }
  return { issues: [...indexes.keys()], found }
}

function tooLarge(unit: "rows" | "bytes", seen: number, limit: number): Error {
  return limitExceeded({ subject: "A batch", unit, seen, limit, remedy: "Make smaller batches, with fewer rows or columns." })
}
