/**
 * The error in a spreadsheet cell, such as `#DIV/0!`. It is not a value: reading it as any kind is an issue.
 *
 * @example
 * ```ts run
 * import { CellError, createPipeline } from "rowgate"
 *
 * const rows = createPipeline({ name: "ratios" }).fromRows([{ ratio: 0.5 }, { ratio: new CellError("#DIV/0!") }])
 * for await (const { ratio } of rows.rows()) console.log(ratio instanceof CellError ? ratio.error : ratio)
 * // => 0.5
 * // => #DIV/0!
 * ```
 */
export class CellError {
  /** The error as the spreadsheet shows it. */
  readonly error: string

  constructor(error: string) {
    this.error = error
  }

  /** The error as the spreadsheet shows it. */
  toString(): string {
    return this.error
  }

  /** The error as the spreadsheet shows it. */
  toJSON(): string {
    return this.error
  }
}
