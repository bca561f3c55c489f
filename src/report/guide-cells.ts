import type { DataValidation, Worksheet } from "exceljs"
import type { ColumnGuide, GuideBound } from "../model/column-guide.ts"
import { helperSheets } from "../model/helper-sheets.ts"
import { kindText, valuesText } from "./guide-text.ts"
import { escaped, type WorkbookWriter } from "./workbook-file.ts"

/** A message of a spreadsheet program has at most this many characters. */
const mostMessage = 220

/** The number format of a column, by its guide. Text keeps leading zeros, and no formula can be typed into it. */
export function formatOf({ kind, values, scale }: ColumnGuide): string {
  if (values !== undefined) return values.every((value) => typeof value === "string") ? "@" : "General"
  if (kind === "text") return "@"
  if (kind === "date") return "yyyy-mm-dd"
  if (kind === "timestamp") return "yyyy-mm-dd hh:mm:ss"
  if (kind === "decimal" && scale !== undefined) return scale <= 0 ? "0" : `0.${"0".repeat(Math.min(scale, 30))}`
  return "General"
}

/** The values of drop-downs, in columns of a hidden sheet: a list in the validation itself is short and cannot hold commas. */
export class DropDownLists {
  readonly #lists: (readonly (string | number | boolean)[])[] = []
  readonly #places = new Map<string, string>()

  /** The range of the sheet that holds the values. */
  rangeOf(values: readonly (string | number | boolean)[]): string {
    const key = JSON.stringify(values)
    const known = this.#places.get(key)
    if (known !== undefined) return known
    const column = columnLetters(this.#lists.push(values))
    const range = `'${helperSheets.lists}'!$${column}$1:$${column}$${values.length}`
    this.#places.set(key, range)
    return range
  }

  /** Adds the sheet, if there are lists. */
  addTo(book: WorkbookWriter): void {
    if (this.#lists.length === 0) return
    const sheet = book.addWorksheet(helperSheets.lists, { state: "veryHidden" })
    const length = Math.max(...this.#lists.map((values) => values.length))
    for (let row = 0; row < length; row++) {
      const cells = this.#lists.map((values) => values[row])
      sheet.addRow(cells.map((value) => (typeof value === "string" ? escaped(value) : (value ?? null)))).commit()
    }
    sheet.commit()
  }
}

/**
 * Adds the rule of a column to its cells. `"stop"` refuses what breaks it. `"warning"` lets the user decide, because the file may write values in its own
 * way.
 */
export function addValidation(
  sheet: Worksheet,
  guide: ColumnGuide,
  at: { readonly column: number; readonly first: number; readonly last: number },
  { lists, errorStyle }: { readonly lists: DropDownLists; readonly errorStyle: "stop" | "warning" },
): void {
  const rule = ruleOf(guide, lists)
  if (rule === undefined) return
  const letters = columnLetters(at.column)
  const message = guide.values === undefined ? kindText(guide) : valuesText(guide.values)
  const texts = { errorTitle: guide.name.slice(0, 30), error: message.slice(0, mostMessage) }
  const validation = { ...rule, allowBlank: true, showErrorMessage: true, errorStyle, ...texts } as DataValidation
  // The types of exceljs leave out this part of a sheet.
  const { dataValidations } = sheet as Worksheet & { readonly dataValidations: { add(range: string, rule: DataValidation): void } }
  dataValidations.add(`${letters}${at.first}:${letters}${Math.max(at.first, at.last)}`, validation)
}

type Rule = Pick<DataValidation, "type" | "formulae"> & { readonly operator?: string }

function ruleOf(guide: ColumnGuide, lists: DropDownLists): Rule | undefined {
  const { kind, values, minimum, maximum, minLength = 0, maxLength } = guide
  if (values !== undefined && values.length > 0) return { type: "list", formulae: [lists.rangeOf(values)] }
  if (kind === "boolean") return { type: "list", formulae: [lists.rangeOf([true, false])] }
  if (kind === "text") {
    if (maxLength !== undefined) return { type: "textLength", operator: "between", formulae: [minLength, maxLength] }
    return minLength > 1 ? { type: "textLength", operator: "greaterThanOrEqual", formulae: [minLength] } : undefined
  }
  if (kind === "date" || kind === "timestamp") return { type: "date", ...boundRule(minimum, maximum, [earliest, latest]) }
  if (kind === "integer") return { type: "whole", ...boundRule(minimum, maximum, [-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]) }
  if (kind === "number" || kind === "decimal") return { type: "decimal", ...boundRule(minimum, maximum, [-1e300, 1e300]) }
  return undefined
}

/** The days that a spreadsheet program knows. */
const earliest = new Date(Date.UTC(1900, 2, 1))
const latest = new Date(Date.UTC(9999, 11, 31))

/** A rule has one operator, so an exclusive bound beside another one is checked as if it were inclusive. The load still refuses it. */
function boundRule(
  minimum: GuideBound | undefined,
  maximum: GuideBound | undefined,
  [least, most]: readonly [number | Date, number | Date],
) {
  if (minimum?.exclusive === true && maximum === undefined) return { operator: "greaterThan", formulae: [minimum.value] }
  if (maximum?.exclusive === true && minimum === undefined) return { operator: "lessThan", formulae: [maximum.value] }
  return { operator: "between", formulae: [minimum?.value ?? least, maximum?.value ?? most] }
}

/** The letters of a column, counted from 1: A, Z, AA. */
function columnLetters(column: number): string {
  const rest = Math.floor((column - 1) / 26)
  return `${rest > 0 ? columnLetters(rest) : ""}${String.fromCharCode(65 + ((column - 1) % 26))}`
}
