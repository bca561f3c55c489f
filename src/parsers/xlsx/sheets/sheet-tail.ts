import type { CellRange } from "../a1.ts"
import { MergedCellsReader } from "../cells/merged-cells.ts"
import type { XlsxBounds } from "../xlsx-limits.ts"
import type { PartPlace } from "../xml/xml-chunks.ts"
import { XmlReader } from "../xml/xml-reader.ts"

/** The XML of a worksheet part after its cells. */
export class SheetTail {
  readonly place: PartPlace
  readonly #merged: MergedCellsReader
  readonly #xml: XmlReader

  constructor(bounds: XlsxBounds, place: PartPlace) {
    this.place = place
    this.#merged = new MergedCellsReader(bounds, place)
    this.#xml = new XmlReader(this.#merged, bounds, place)
  }

  /** Reads the next bytes. Throws if they are no XML. */
  push(bytes: Buffer): void {
    this.#xml.push(bytes)
  }

  /** The merged ranges so far. */
  get ranges(): readonly CellRange[] {
    return this.#merged.ranges
  }
}
