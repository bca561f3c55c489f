import { parseRange } from "../a1.ts"
import type { XmlElement, XmlListener } from "../xml/xml-reader.ts"

/** Reads the range of cells that a worksheet states at its beginning. */
export class DimensionReader implements XmlListener {
  range: string | undefined
  /** Whether the range was found, or cannot follow any more. */
  isDone = false

  open(element: XmlElement): void {
    if (this.isDone || element.depth !== 1) return
    if (element.name === "sheetData") this.isDone = true
    else if (element.name === "dimension") {
      const stated = element.attribute("ref")?.trim() ?? ""
      this.range = parseRange(stated) === undefined ? undefined : stated.toUpperCase()
      this.isDone = true
    }
  }
}
