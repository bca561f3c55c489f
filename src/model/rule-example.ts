/** A row that breaks a rule. */
export interface RuleExample {
  /** The number of the row, as in its `Origin`. */
  readonly row: number
  /** The address of its first cell, for workbooks. */
  readonly address?: string
  /** The column that the issue blames, if it blames one. */
  readonly column?: string
}
