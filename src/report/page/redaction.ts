import { SecretColumns } from "../../binding/secret-columns.ts"
import type { BoundHeader } from "../../contract/plan.ts"
import type { ColumnReport } from "../../model/column-report.ts"
import type { Reject } from "../../model/reject.ts"
import type { TableNotice } from "../../model/table-facts.ts"

const redacted = "[redacted]"
/** A shorter value may occur in any sentence by chance. */
const fewestChars = 4

/** Keeps the values of some columns out of a page. Names of columns, counts and places stay. */
export class PageRedaction {
  readonly #isSecret: (column: string) => boolean
  readonly isEmpty: boolean

  /** `redact` has names in the file or in the rows. */
  constructor(redact: readonly string[], columns: readonly ColumnReport[]) {
    const bound = columns.flatMap(({ name, header }): BoundHeader[] => (name === null ? [] : [[name, header]]))
    const secrets = new SecretColumns({ redact }, { headers: () => bound })
    this.isEmpty = secrets.isEmpty
    this.#isSecret = this.isEmpty ? () => false : secrets.test()
  }

  hides(column: string): boolean {
    return this.#isSecret(column)
  }

  /** The cells and messages of a reject. A row that could not be read into cells is hidden, because any cell may be in it. */
  reject(reject: Reject): Reject {
    if (this.isEmpty) return reject
    const quotable: string[] = []
    const raw = Object.fromEntries(
      Object.entries(reject.raw).map(([column, cell]) => {
        if (cell === null || !(column === "_raw" || this.hides(column))) return [column, cell]
        if (String(cell).trim().length >= fewestChars) quotable.push(String(cell).trim())
        return [column, redacted]
      }),
    )
    const issues = reject.issues.map((issue) => {
      const isHidden = issue.code.startsWith("postgres.") || (issue.column !== undefined && this.hides(issue.column))
      const message = isHidden ? redacted : quotable.reduce((text, value) => text.replaceAll(value, redacted), issue.message)
      const { suggestion: _, ...told } = issue
      return { ...told, message }
    })
    return { ...reject, raw, issues }
  }

  /** The message of a notice, without the texts of the file that it quotes. */
  notice({ message, column, quotes = [] }: TableNotice): string {
    if (this.isEmpty) return message
    if (column !== undefined && this.hides(column)) return redacted
    return quotes.reduce((text, quote) => text.replaceAll(quote, redacted), message)
  }
}
