import { defined } from "../../options/defined.ts"
import type { OptionKind } from "../../options/option-kind.ts"
import { limits } from "../../options/option-kinds.ts"
import { defaultHeldBytes } from "../files/wrappers/wrapper-limits.ts"
import { type ZipBounds, type ZipLimits, zipDefaults } from "../files/zip/zip-limits.ts"

/** Limits of a workbook. Beyond one, reading fails with `LIMIT_EXCEEDED`; a workbook is never read in part. */
export interface XlsxLimits extends ZipLimits {
  /** The most bytes of a workbook from a source that does not know its size. Such a workbook is read into memory first. Default: 256 MiB. */
  readonly heldBytes?: number | undefined
  /** The most sheets. Default: 10,000. */
  readonly sheets?: number | undefined
  /** The most relationships of one part. Default: 16,384. */
  readonly relationships?: number | undefined
  /** The most cell formats in the styles. Default: 262,144. */
  readonly cellFormats?: number | undefined
  /** The most levels of nested XML elements. Default: 256. */
  readonly xmlDepth?: number | undefined
  /** The most attributes of one XML element. Default: 256. */
  readonly xmlAttributes?: number | undefined
  /** The most bytes of one XML tag, comment or text outside of cells. Default: 1 MiB. */
  readonly xmlTokenBytes?: number | undefined
  /** The most bytes of a part other than sheets and shared strings: the workbook part, styles, relationships, tables. Default: 32 MiB. */
  readonly partBytes?: number | undefined
  /** The most bytes of one cell's text in UTF-8. A text of more than the 32,767 characters that Excel allows is a warning on its row. Default: 1 MiB. */
  readonly cellBytes?: number | undefined
  /** The most bytes of text in one row, in UTF-8. A shared string counts in each of its cells. Default: 16 MiB. */
  readonly rowBytes?: number | undefined
  /** The most columns of a sheet. Default: 16,384, which is also the maximum. */
  readonly columns?: number | undefined
  /** The most rows of a sheet, by row number. Default: 1,048,576. */
  readonly rows?: number | undefined
  /** The most shared strings. Default: 16,777,216. */
  readonly sharedStrings?: number | undefined
  /** Bytes of shared strings that are kept in memory. Larger tables go to a temporary file. Default: 32 MiB. */
  readonly sharedStringMemory?: number | undefined
  /** The most merged ranges of a sheet, if you set `merged: "fill"`. Default: 100,000. */
  readonly mergedRanges?: number | undefined
}

/** The limits with their defaults filled in. */
export interface XlsxBounds extends ZipBounds {
  readonly sheets: number
  readonly relationships: number
  readonly cellFormats: number
  readonly xmlDepth: number
  readonly xmlAttributes: number
  readonly xmlTokenBytes: number
  readonly partBytes: number
  readonly cellBytes: number
  readonly rowBytes: number
  readonly columns: number
  readonly rows: number
  readonly sharedStrings: number
  readonly sharedStringMemory: number
  readonly mergedRanges: number
}

const miB = 1024 ** 2

const defaults: XlsxBounds = {
  ...zipDefaults,
  sheets: 10_000,
  relationships: 16_384,
  cellFormats: 1 << 18,
  xmlDepth: 256,
  xmlAttributes: 256,
  xmlTokenBytes: miB,
  partBytes: 32 * miB,
  cellBytes: miB,
  rowBytes: 16 * miB,
  columns: 16_384,
  rows: 1_048_576,
  sharedStrings: 16_777_216,
  sharedStringMemory: 32 * miB,
  mergedRanges: 100_000,
}

export function xlsxBounds(limits: XlsxLimits = {}): XlsxBounds {
  return { ...defaults, ...defined(limits) }
}

export function xlsxLimitsKind(): OptionKind<XlsxLimits> {
  return limits<XlsxLimits>({ ...defaults, heldBytes: defaultHeldBytes })
}
