import type { SourceFile } from "../../contract/source.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import { readRange } from "../../kernel/read-range.ts"
import { refusedBinary } from "../detect/binary-format.ts"
import { withDirectory } from "../detect/compound-file.ts"
import { markupKind } from "../detect/markup-kind.ts"
import { refuse } from "../detect/refused-format.ts"
import { textHead } from "../detect/text-head.ts"
import { zipKind } from "../detect/zip-kind.ts"
import { tableName } from "../table-name.ts"
import { heldFile } from "../wrappers/held-file.ts"
import { defaultHeldBytes } from "../wrappers/wrapper-limits.ts"
import { ZipArchive } from "../zip/zip-archive.ts"
import type { ZipEntry } from "../zip/zip-entry.ts"
import { CellBlock } from "./cell-block.ts"
import { type CellFormats, CellFormatsReader } from "./cell-formats.ts"
import { ContentTypesReader } from "./content-types.ts"
import { DimensionReader } from "./dimension.ts"
import { MergedCells, MergedCellsReader } from "./merged-cells.ts"
import { relationshipsName } from "./part-name.ts"
import { type Relationship, RelationshipsReader } from "./relationships.ts"
import { SharedStrings } from "./shared-strings.ts"
import { SharedStringsReader } from "./shared-strings-reader.ts"
import type { SheetInfo } from "./sheet-info.ts"
import { SheetScanner } from "./sheet-scanner.ts"
import { type DefinedName, WorkbookReader } from "./workbook-part.ts"
import { type XlsxBounds, type XlsxLimits, xlsxBounds } from "./xlsx-limits.ts"
import { xmlChunks } from "./xml-chunks.ts"
import { xmlExceeded } from "./xml-faults.ts"
import { type XmlListener, XmlReader } from "./xml-reader.ts"

/** Enough of a file that is no zip to say what it is. */
const foreignHeadBytes = 64 * 1024

const sheetKinds: { readonly [relationship: string]: SheetInfo["kind"] } = {
  worksheet: "worksheet",
  chartsheet: "chartsheet",
  dialogsheet: "dialogsheet",
  xlMacrosheet: "macrosheet",
  xlIntlMacrosheet: "macrosheet",
}

/** How cells of a sheet are to be read. */
export interface ReadCellsOptions {
  readonly skipHiddenRows?: boolean | undefined
  /** Gets the sheet's opening tag and what follows its cells. */
  readonly rest?: ((bytes: Buffer) => void) | undefined
}

/** An open workbook: what is in it, and the cells of its sheets by blocks. Closing frees a temporary file, where there is one. */
export class Workbook implements AsyncDisposable {
  readonly uri: string
  readonly sheets: readonly SheetInfo[]
  readonly names: readonly DefinedName[]
  readonly date1904: boolean
  readonly bounds: XlsxBounds
  readonly #zip: ZipArchive
  readonly #signal: AbortSignal | undefined
  readonly #part: string
  readonly #relationships: readonly Relationship[]
  #formats: Promise<CellFormats> | undefined
  #strings: Promise<SharedStrings> | undefined

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
    this.sheets = sheets
    this.#zip = zip
    this.#signal = signal
    this.#part = part
    this.#relationships = relationships
  }

  /**
   * Opens a workbook: its directory and workbook part are read, no sheet.
   *
   * Fails with `FORMAT_ENCRYPTED`, `FORMAT_UNSUPPORTED`, `FORMAT_UNKNOWN`, `FILE_TRUNCATED`, `FILE_CORRUPT`, `FILE_HOSTILE`, `LIMIT_EXCEEDED`.
   */
  static async open(given: SourceFile, limits: XlsxLimits = {}, signal?: AbortSignal): Promise<Workbook> {
    const bounds = xlsxBounds(limits)
    // The directory of a workbook stands at its end: a file of unknown size is taken into memory first.
    const { file, size } = await heldFile(given, limits.heldBytes ?? defaultHeldBytes)
    await refuseOtherFormats(file, size)
    const zip = await ZipArchive.open(file, size, limits)
    const parts = new PartReader(zip, bounds, signal)
    const part = await findWorkbook(zip, parts)
    const read = await parts.read(zip.find(part), new WorkbookReader())
    const relationships = await parts.relationships(part)
    const sheets = listSheets(zip, part, read, relationships)
    return new Workbook(zip, bounds, signal, part, read, sheets, relationships)
  }

  /** The cells of a sheet, block by block: the same block, filled again each time. Its formats and the shared strings are read first. */
  async *cells(sheet: SheetInfo, options: ReadCellsOptions = {}): AsyncGenerator<CellBlock, void, undefined> {
    const entry = sheet.part === undefined ? undefined : this.#zip.find(sheet.part)
    if (entry === undefined) throw missingPart(this.uri, sheet)
    const formats = await this.formats()
    const strings = await this.sharedStrings()
    const place = { uri: this.uri, part: entry.name }
    const scanner = new SheetScanner({
      formats,
      date1904: this.date1904,
      sharedStrings: strings.count,
      skipHiddenRows: options.skipHiddenRows ?? false,
      rest: options.rest,
      bounds: this.bounds,
      place,
    })
    const block = new CellBlock()
    // Blocks are full but for the last: what is settled by the first ones does not depend on how the file was cut into chunks.
    for await (const chunk of xmlChunks(this.#zip.stream(entry, this.#signal), place)) {
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
  }

  /** The range that a sheet says its cells stand in; undefined where it says none. Read from its beginning, and not checked. */
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

  /** The merged ranges of a sheet. They stand after the cells, so the sheet is read for them. */
  async mergedCells(sheet: SheetInfo): Promise<MergedCells> {
    const place = { uri: this.uri, part: sheet.part ?? "" }
    const reader = new MergedCellsReader(this.bounds, place)
    const rest = new XmlReader(reader, this.bounds, place)
    for await (const _ of this.cells(sheet, { rest: (bytes) => rest.push(bytes) }));
    return new MergedCells(reader.ranges, place)
  }

  formats(): Promise<CellFormats> {
    this.#formats ??= this.#readFormats()
    return this.#formats
  }

  sharedStrings(): Promise<SharedStrings> {
    this.#strings ??= this.#readStrings()
    return this.#strings
  }

  /** Relationships of a sheet, such as its tables. */
  relationships(sheet: SheetInfo): Promise<readonly Relationship[]> {
    return sheet.part === undefined ? Promise.resolve([]) : new PartReader(this.#zip, this.bounds, this.#signal).relationships(sheet.part)
  }

  /** Reads a small part into a listener; a part that is not there says nothing. */
  async readPart<L extends XmlListener>(part: string, listener: L): Promise<L> {
    return new PartReader(this.#zip, this.bounds, this.#signal).read(this.#zip.find(part), listener)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const strings = await this.#strings?.catch(() => undefined)
    strings?.close()
  }

  async #readFormats(): Promise<CellFormats> {
    const listener = await this.readPart(this.#partOf("styles"), new CellFormatsReader())
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

/** Reads small parts whole. */
class PartReader {
  readonly #zip: ZipArchive
  readonly #bounds: XlsxBounds
  readonly #signal: AbortSignal | undefined

  constructor(zip: ZipArchive, bounds: XlsxBounds, signal: AbortSignal | undefined) {
    this.#zip = zip
    this.#bounds = bounds
    this.#signal = signal
  }

  async read<L extends XmlListener>(entry: ZipEntry | undefined, listener: L): Promise<L> {
    if (entry === undefined) return listener
    const place = { uri: this.#zip.uri, part: entry.name }
    const { partBytes } = this.#bounds
    if (entry.bytes > partBytes) throw xmlExceeded(place, "bytes", entry.bytes, partBytes, "partBytes")
    const reader = new XmlReader(listener, this.#bounds, place)
    for await (const chunk of xmlChunks(this.#zip.stream(entry, this.#signal), place)) reader.push(chunk)
    reader.end()
    return listener
  }

  async relationships(part: string): Promise<readonly Relationship[]> {
    const { found } = await this.read(this.#zip.find(relationshipsName(part)), new RelationshipsReader(part))
    return found
  }
}

async function refuseOtherFormats(file: SourceFile, size: number): Promise<void> {
  const name = tableName(file.uri)
  const head = await readRange(file, 0, Math.min(size, 4))
  if (size === 0) {
    throw new RowgateError({
      code: "SOURCE_EMPTY",
      message: `${name} is empty.`,
      remedy: "Transfer the file again.",
      origin: { uri: file.uri },
    })
  }
  if (head[0] === 0x50 && head[1] === 0x4b) return
  const bytes = await withDirectory(file, await readRange(file, 0, Math.min(size, foreignHeadBytes)), size)
  const foreign = refusedBinary(bytes) ?? markupKind(textHead(bytes) ?? "")
  if (foreign !== undefined) throw refuse(foreign, name)
  throw new RowgateError({
    code: "FORMAT_UNKNOWN",
    message: `${name} is no workbook: it does not begin as a zip file.`,
    remedy: "Leave the parser out, so that the format is detected, or name the right one.",
    origin: { uri: file.uri },
  })
}

/** The workbook part: by relationship, by content type, by its usual name. */
async function findWorkbook(zip: ZipArchive, parts: PartReader): Promise<string> {
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
    message: `${name} is a zip file without a workbook in it.`,
    remedy: "Name the table itself, or take it out of the zip file.",
    origin: { uri: zip.uri },
  })
}

/** Sheets in the order of the workbook, each with its part. */
function listSheets(zip: ZipArchive, part: string, read: WorkbookReader, relationships: readonly Relationship[]): SheetInfo[] {
  const byId = new Map(relationships.map((one) => [one.id, one]))
  const unrelated = relationships.length === 0 ? worksheetsByName(zip, part) : []
  return read.sheets.map(({ name, relationship, hidden }, index) => {
    const related = byId.get(relationship)
    const named = related?.part ?? unrelated[index]
    // Modules of Excel 5 macros are listed among the sheets, and have no part.
    const unknown = relationship === "" && named === undefined ? "module" : "worksheet"
    const kind = related === undefined ? unknown : (sheetKinds[related.type] ?? "worksheet")
    return { name, index, hidden, kind, part: named === undefined ? undefined : existing(zip, named) }
  })
}

/** A target that is there; some programs write it from the root and leave the slash out. */
function existing(zip: ZipArchive, part: string): string | undefined {
  const doubled = /^([^/]+)\/\1\//.exec(part)
  return [part, doubled === null ? part : part.slice((doubled[1] ?? "").length + 1)].find((name) => zip.find(name) !== undefined)
}

/** Worksheet parts by number, for a workbook whose relationships are missing. */
function worksheetsByName(zip: ZipArchive, part: string): string[] {
  const folder = `${part.slice(0, part.lastIndexOf("/") + 1)}worksheets/`.toLowerCase()
  const number = (name: string) => Number(/(\d+)\.xml$/i.exec(name)?.[1] ?? 0)
  return zip.entries
    .map(({ name }) => name)
    .filter((name) => name.toLowerCase().startsWith(folder) && /\.xml$/i.test(name))
    .sort((one, other) => number(one) - number(other))
}

function missingPart(uri: string, sheet: SheetInfo): RowgateError {
  return new RowgateError({
    code: "FILE_CORRUPT",
    message: `The workbook lists the sheet "${sheet.name}", and has no part for it.`,
    remedy: "Open the workbook in the program that made it, let it be repaired, and save it again.",
    origin: { uri, table: sheet.name },
  })
}
