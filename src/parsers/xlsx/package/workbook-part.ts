import type { XmlElement, XmlListener } from "../xml/xml-reader.ts"
import { unescaped } from "../xml/xml-text.ts"

/** A sheet in the list of the workbook part. */
export interface ListedSheet {
  readonly name: string
  readonly relationship: string
  readonly hidden: boolean
}

/** A name that a workbook gives to a range. */
export interface DefinedName {
  readonly name: string
  /** Index of the sheet in which the name is valid; undefined for the whole workbook. */
  readonly sheet: number | undefined
  /** The formula that the name stands for. */
  readonly reference: string
}

const strictNamespace = "http://purl.oclc.org/ooxml/spreadsheetml/main"

/** Reads the workbook part. */
export class WorkbookReader implements XmlListener {
  readonly sheets: ListedSheet[] = []
  readonly names: DefinedName[] = []
  date1904 = false
  /** Whether the workbook has the strict form of the format (ISO/IEC 29500-1), in which Excel writes dates as text. */
  isStrict = false
  #name: { name: string; sheet: number | undefined; reference: string } | undefined

  open(element: XmlElement): void {
    if (element.depth === 0) this.isStrict = element.namespace === strictNamespace
    if (element.name === "sheet" && element.depth === 2) {
      const name = unescaped(element.attribute("name") ?? "")
      const hidden = /^(?:very)?hidden$/i.test(element.attribute("state") ?? "")
      this.sheets.push({ name, relationship: element.attribute("id") ?? "", hidden })
    } else if (element.name === "workbookPr" && element.depth === 1) {
      this.date1904 = /^(?:1|true|on)$/i.test(element.attribute("date1904") ?? "")
    } else if (element.name === "definedName") {
      const sheet = element.attribute("localSheetId")
      this.#name = { name: element.attribute("name") ?? "", sheet: sheet === undefined ? undefined : Number(sheet), reference: "" }
    }
  }

  text(text: string): void {
    if (this.#name !== undefined) this.#name.reference += text
  }

  close(name: string): void {
    if (name !== "definedName" || this.#name === undefined) return
    this.names.push(this.#name)
    this.#name = undefined
  }
}
