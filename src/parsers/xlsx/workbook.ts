import type { SourceFile } from "../../contract/source.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import { shownText } from "../../errors/shown-text.ts"
import type { TableNotice } from "../../model/table-facts.ts"
import { ReadAhead } from "../files/read-ahead.ts"
import { heldFile } from "../files/wrappers/held-file.ts"
import { defaultHeldBytes } from "../files/wrappers/wrapper-limits.ts"
import { ZipArchive } from "../files/zip/zip-archive.ts"
import { CellBlock } from "./cells/cell-block.ts"
import { type CellFormats, CellFormatsReader } from "./cells/cell-formats.ts"
import { MergedCells } from "./cells/merged-cells.ts"
import { findWorkbook, refuseOtherFormats } from "./package/find-workbook.ts"
import { PartReader } from "./package/part-reader.ts"
import type { Relationship } from "./package/relationships.ts"
import { type DefinedName, WorkbookReader } from "./package/workbook-part.ts"
import { DimensionReader } from "./sheets/dimension.ts"
import { listSheets } from "./sheets/list-sheets.ts"
import type { SheetInfo } from "./sheets/sheet-info.ts"
import { SheetScanner } from "./sheets/sheet-scanner.ts"
import { SheetTail } from "./sheets/sheet-tail.ts"
import { SharedStrings } from "./strings/shared-strings.ts"
import { SharedStringsReader } from "./strings/shared-strings-reader.ts"
import { type XlsxBounds, type XlsxLimits, xlsxBounds } from "./xlsx-limits.ts"
import { xmlChunks } from "./xml/xml-chunks.ts"
import { xmlExceeded } from "./xml/xml-errors.ts"
import { type XmlListener, XmlReader } from "./xml/xml-reader.ts"

/** Pieces of a sheet, 256 KiB each, that are inflated in advance while the shared strings are read. */
const sheetAhead = 16

/** Options for reading the cells of a sheet. */
export interface ReadCellsOptions {
  readonly skipHiddenRows?: boolean | undefined
  /** Receives the first rows that the sheet hides, counted from 0. */
  readonly hidden?: Set<number> | undefined
  /** Receives the sheet's opening tag and the XML after its cells. */
  readonly rest?: ((bytes: Buffer) => void) | undefined
}

/** An open workbook: its sheets and names, and the cells of its sheets in blocks. Closing it deletes its temporary file, if it has one. */
export class Workbook implements AsyncDisposable {
  readonly uri: string
  readonly sheets: readonly SheetInfo[]
  readonly names: readonly DefinedName[]
  readonly date1904: boolean
  readonly bounds: XlsxBounds
  readonly #isStrict: boolean
  readonly #zip: ZipArchive
  readonly #signal: AbortSignal | undefined
  readonly #part: string
  readonly #relationships: readonly Relationship[]
  #formats: Promise<CellFormats> | undefined
  #strings: Promise<SharedStrings> | undefined
  /** A block for reuse by the next sheet. It takes a quarter of a megabyte, and there may be thousands of sheets without cells. */
  #spareBlock: CellBlock | undefined

  private constructor(
    zip: ZipArchive,
    bounds: XlsxBounds,
    signal: AbortSignal | undefined,
    part: string,
    read: WorkbookReader,
    sheets: readonly SheetInfo[],
    relationships: readonly Relationship[],
  ) {
    this.uri = zip.uri
    this.bounds = bounds
    this.names = read.names
    this.date1904 = read.date1904
    this.#isStrict = read.isStrict
    this.sheets = sheets
    this.#zip = zip
    this.#signal = signal
    this.#part = part
    this.#relationships = relationships
  }

  /**
   * Opens a workbook. Reads its directory and workbook part, but no sheet.
   *
   * Throws `FORMAT_ENCRYPTED`, `FORMAT_UNSUPPORTED`, `FORMAT_UNKNOWN`, `FILE_TRUNCATED`, `FILE_CORRUPT`, `FILE_HOSTILE` or `LIMIT_EXCEEDED`.
   */
  static async open(given: SourceFile, limits: XlsxLimits = {}, signal?: AbortSignal): Promise<Workbook> {
    const bounds = xlsxBounds(limits)
    // A zip's directory is at its end, so a file of unknown size is first read into memory.
    const { file, size } = await heldFile(given, limits.heldBytes ?? defaultHeldBytes)
    await refuseOtherFormats(file, size)
    const zip = await ZipArchive.open(file, size, limits)
    const parts = new PartReader(zip, bounds, signal)
    const part = await findWorkbook(zip, parts)
    const read = await parts.read(zip.find(part), new WorkbookReader())
    if (read.sheets.length > bounds.sheets) throw xmlExceeded({ uri: zip.uri, part }, "sheets", read.sheets.length, bounds.sheets, "sheets")
    const relationships = await parts.relationships(part)
    const sheets = listSheets(zip, part, read, relationships)
    return new Workbook(zip, bounds, signal, part, read, sheets, relationships)
  }

  /** Yields the cells of a sheet in blocks. It refills and yields the same block each time. Formats and shared strings are read first. */
  async *cells(sheet: SheetInfo, options: ReadCellsOptions = {}): AsyncGenerator<CellBlock, void, undefined> {
    const entry = sheet.part === undefined ? undefined : this.#zip.find(sheet.part)
    if (entry === undefined) throw missingPart(this.uri, sheet)
    const formats = await this.formats()
    const place = { uri: this.uri, part: entry.name }
    await using pieces = new ReadAhead(this.#zip.stream(entry, this.#signal))
    // Inflating takes most of the time, and each part is inflated in its own thread.
    if (this.#strings === undefined) pieces.begin(sheetAhead)
    const strings = await this.sharedStrings()
    const scanner = new SheetScanner({
      formats,
      date1904: this.date1904,
      isStrict: this.#isStrict,
      sharedStrings: strings.count,
      skipHiddenRows: options.skipHiddenRows ?? false,
      hidden: options.hidden,
      rest: options.rest,
      bounds: this.bounds,
      place,
    })
    const block = this.#spareBlock ?? new CellBlock()
    this.#spareBlock = undefined
    try {
      // All blocks but the last are full, so what the first blocks decide does not depend on the sizes of the chunks.
      for await (const chunk of xmlChunks(pieces, place)) {
        scanner.push(chunk)
        while (scanner.fill(block)) {
          yield block
          block.clear()
        }
      }
      scanner.finish()
      while (scanner.fill(block)) {
        yield block
        block.clear()
      }
      if (block.length > 0) yield block
      scanner.end()
    } finally {
      block.clear()
      this.#spareBlock = block
    }
  }

  /** The range of cells that the beginning of a sheet states, or undefined. It may be wrong. */
  async statedRange(sheet: SheetInfo): Promise<string | undefined> {
    const entry = sheet.part === undefined ? undefined : this.#zip.find(sheet.part)
    if (entry === undefined) throw missingPart(this.uri, sheet)
    const place = { uri: this.uri, part: entry.name }
    const dimension = new DimensionReader()
    const reader = new XmlReader(dimension, this.bounds, place)
    for await (const chunk of xmlChunks(this.#zip.stream(entry, this.#signal), place)) {
      reader.push(chunk)
      if (dimension.isDone) break
    }
    return dimension.range
  }

  /** The merged ranges of a sheet. They follow the cells, so this reads the whole sheet. */
  async mergedCells(sheet: SheetInfo): Promise<MergedCells> {
    const tail = new SheetTail(this.bounds, { uri: this.uri, part: sheet.part ?? "" })
    for await (const _ of this.cells(sheet, { rest: (bytes) => tail.push(bytes) }));
    return new MergedCells(tail.ranges, tail.place)
  }

  /** Notices about the workbook as a whole. */
  get notices(): readonly TableNotice[] {
    const styles = this.#relationships.find(({ type }) => type === "styles")
    if (styles === undefined || this.#zip.find(this.#partOf("styles")) !== undefined) return []
    return [
      {
        code: "xlsx.styles",
        message: `The part ${shownText(styles.part)} with the number formats is missing, so dates are read as numbers.`,
      },
    ]
  }

  formats(): Promise<CellFormats> {
    this.#formats ??= this.#readFormats()
    return this.#formats
  }

  sharedStrings(): Promise<SharedStrings> {
    this.#strings ??= this.#readStrings()
    return this.#strings
  }

  /** The relationships of a sheet, for example to its tables. */
  relationships(sheet: SheetInfo): Promise<readonly Relationship[]> {
    return sheet.part === undefined ? Promise.resolve([]) : new PartReader(this.#zip, this.bounds, this.#signal).relationships(sheet.part)
  }

  /** Reads a small part into a listener. The listener receives nothing if there is no such part. */
  async readPart<L extends XmlListener>(part: string, listener: L): Promise<L> {
    return new PartReader(this.#zip, this.bounds, this.#signal).read(this.#zip.find(part), listener)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const strings = await this.#strings?.catch(() => undefined)
    strings?.close()
  }

  async #readFormats(): Promise<CellFormats> {
    const part = this.#partOf("styles")
    const listener = await this.readPart(part, new CellFormatsReader(this.bounds.cellFormats, { uri: this.uri, part }))
    return listener.formats()
  }

  async #readStrings(): Promise<SharedStrings> {
    const entry = this.#zip.find(this.#partOf("sharedStrings"))
    if (entry === undefined) return new SharedStrings(0, new Uint32Array(1), Buffer.alloc(0))
    const place = { uri: this.uri, part: entry.name }
    const reader = new SharedStringsReader(this.bounds, place, entry.bytes)
    try {
      for await (const chunk of xmlChunks(this.#zip.stream(entry, this.#signal), place)) reader.push(chunk)
      return reader.end()
    } catch (error) {
      reader.abandon()
      throw error
    }
  }

  #partOf(type: "styles" | "sharedStrings"): string {
    const related = this.#relationships.find((one) => one.type === type)
    return related !== undefined && this.#zip.find(related.part) !== undefined
      ? related.part
      : `${this.#part.slice(0, this.#part.lastIndexOf("/") + 1)}${type}.xml`
  }
}

function missingPart(uri: string, sheet: SheetInfo): RowgateError {
  return new RowgateError({
    code: "FILE_CORRUPT",
    message: `The workbook lists the sheet "${shownText(sheet.name)}", but has no part for it.`,
    remedy: "Repair the workbook in a spreadsheet program and save it again.",
    origin: { uri, table: sheet.name },
  })
}
