import type { XmlElement, XmlListener } from "../xml/xml-reader.ts"

/** A part that another one uses. */
export interface Relationship {
  readonly id: string
  /** Last word of its type: `worksheet`, `sharedStrings`; transitional and strict files differ in what stands before. */
  readonly type: string
  /** Zip entry. */
  readonly part: string
}

/** A relationship as it is written. */
export interface WrittenRelationship {
  readonly id: string
  readonly type: string
  readonly target: string
}

/** Reads a relationships part. What lies outside of the file is left out. */
export class RelationshipsReader implements XmlListener {
  readonly found: WrittenRelationship[] = []

  open(element: XmlElement): void {
    if (element.name !== "Relationship" || element.attribute("TargetMode")?.toLowerCase() === "external") return
    const type = element.attribute("Type") ?? ""
    this.found.push({
      id: element.attribute("Id") ?? "",
      type: type.slice(type.lastIndexOf("/") + 1),
      target: element.attribute("Target") ?? "",
    })
  }
}
