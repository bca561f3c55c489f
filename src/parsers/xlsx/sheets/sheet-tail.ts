import { type CellRange, parseRange } from "../a1.ts"
import { MergedCellsReader } from "../cells/merged-cells.ts"
import type { XlsxBounds } from "../xlsx-limits.ts"
import type { PartPlace } from "../xml/xml-chunks.ts"
import { type XmlElement, XmlReader } from "../xml/xml-reader.ts"

/** Links beyond these are in no notice. */
const mostLinks = 10_000

/** The XML of a worksheet part after its cells. */
export class SheetTail {
  readonly place: PartPlace
  /** The ranges so far whose cells link to an address outside the workbook. */
  readonly links: CellRange[] = []
  readonly #merged: MergedCellsReader
  readonly #xml: XmlReader

  constructor(bounds: XlsxBounds, place: PartPlace) {
    this.place = place
    this.#merged = new MergedCellsReader(bounds, place)
    this.#xml = new XmlReader({ open: (element) => this.#open(element) }, bounds, place)
  }

  /** Reads the next bytes. Throws if they are no XML. */
  push(bytes: Buffer): void {
    this.#xml.push(bytes)
  }

  /** The merged ranges so far. */
  get ranges(): readonly CellRange[] {
    return this.#merged.ranges
  }

  #open(element: XmlElement): void {
    this.#merged.open(element)
    // A link without an id leads to another cell.
    if (element.name !== "hyperlink" || element.attribute("id") === undefined || this.links.length === mostLinks) return
    const range = parseRange(element.attribute("ref") ?? "")
    if (range !== undefined) this.links.push(range)
  }
}
