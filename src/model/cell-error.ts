/** A spreadsheet cell that holds an error such as `#DIV/0!`. Never a value: reading it as any kind is an issue. */
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
