import type { XmlElement, XmlListener } from "../xml/xml-reader.ts"
import { targetName } from "./part-name.ts"

/** Reads the content types of the parts. */
export class ContentTypesReader implements XmlListener {
  readonly #byPart = new Map<string, string>()
  readonly #byExtension = new Map<string, string>()

  open(element: XmlElement): void {
    const type = element.attribute("ContentType") ?? ""
    if (element.name === "Override") this.#byPart.set(targetName("", element.attribute("PartName") ?? "").toLowerCase(), type)
    else if (element.name === "Default") this.#byExtension.set((element.attribute("Extension") ?? "").toLowerCase(), type)
  }

  typeOf(part: string): string {
    const name = part.toLowerCase()
    return this.#byPart.get(name) ?? this.#byExtension.get(name.slice(name.lastIndexOf(".") + 1)) ?? ""
  }
}
