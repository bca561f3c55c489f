import { targetName } from "./part-name.ts"
import type { XmlElement, XmlListener } from "./xml-reader.ts"

/** A part that another one uses. */
export interface Relationship {
  readonly id: string
  /** Last word of its type: `worksheet`, `sharedStrings`; transitional and strict files differ in what stands before. */
  readonly type: string
  /** Zip entry. */
  readonly part: string
}

/** Reads a relationships part. What lies outside of the file is left out. */
export class RelationshipsReader implements XmlListener {
  readonly found: Relationship[] = []
  readonly #source: string

  constructor(source: string) {
    this.#source = source
  }

  open(element: XmlElement): void {
    if (element.name !== "Relationship" || element.attribute("TargetMode")?.toLowerCase() === "external") return
    const type = element.attribute("Type") ?? ""
    const target = element.attribute("Target") ?? ""
    this.found.push({
      id: element.attribute("Id") ?? "",
      type: type.slice(type.lastIndexOf("/") + 1),
      part: targetName(this.#source, target),
    })
  }
}
