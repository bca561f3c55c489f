import { parseRange } from "../a1.ts"
import type { XmlElement, XmlListener } from "../xml/xml-reader.ts"

/** Reads what the beginning of a worksheet says of where its cells stand. */
export class DimensionReader implements XmlListener {
  range: string | undefined
  /** Whether what follows says nothing of it. */
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
