/** A sheet of a workbook, as its directory lists it. */
export interface SheetInfo {
  readonly name: string
  /** Position in the workbook, counted from 0. */
  readonly index: number
  readonly hidden: boolean
  /** Only worksheets hold cells; macro and dialog sheets of old Excel do too and are not read unless asked for. */
  readonly kind: "worksheet" | "chartsheet" | "dialogsheet" | "macrosheet" | "module"
  /** Zip entry; undefined where the workbook names a part that is not there. */
  readonly part: string | undefined
}
