import type { XmlElement, XmlListener } from "../xml/xml-reader.ts"
import { unescaped } from "../xml/xml-text.ts"

/** A sheet as the workbook part lists it. */
export interface ListedSheet {
  readonly name: string
  readonly relationship: string
  readonly hidden: boolean
}

/** A name that a workbook gives to a range. */
export interface DefinedName {
  readonly name: string
  /** Index of the sheet that it is valid in; undefined for all. */
  readonly sheet: number | undefined
  /** What it stands for, as a formula. */
  readonly reference: string
}

/** Reads the workbook part. */
export class WorkbookReader implements XmlListener {
  readonly sheets: ListedSheet[] = []
  readonly names: DefinedName[] = []
  date1904 = false
  #name: { name: string; sheet: number | undefined; reference: string } | undefined

  open(element: XmlElement): void {
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
