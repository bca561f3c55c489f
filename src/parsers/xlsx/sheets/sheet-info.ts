/** A sheet of a workbook. */
export interface SheetInfo {
  readonly name: string
  /** Position in the workbook, counted from 0. */
  readonly index: number
  readonly hidden: boolean
  /** Worksheets hold cells. Macro and dialog sheets of old Excel do too, but they are read only if the options name them. */
  readonly kind: "worksheet" | "chartsheet" | "dialogsheet" | "macrosheet" | "module"
  /** The name of the zip entry; undefined if the workbook refers to a missing part. */
  readonly part: string | undefined
}
