import type { XmlElement, XmlListener } from "../xml/xml-reader.ts"

/** A reference from one part to another. */
export interface Relationship {
  readonly id: string
  /** The last segment of its type, such as `worksheet` or `sharedStrings`. The segments before differ between transitional and strict files. */
  readonly type: string
  /** Name of the zip entry. */
  readonly part: string
}

/** A relationship as the part states it, with its target not resolved. */
export interface WrittenRelationship {
  readonly id: string
  readonly type: string
  readonly target: string
}

/** Reads a relationships part. Targets outside the file are left out. */
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
