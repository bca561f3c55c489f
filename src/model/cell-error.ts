/** The error in a spreadsheet cell, such as `#DIV/0!`. It is not a value: reading it as any kind is an issue. */
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
