/** How to write a table as text. */
export interface Rendering {
  readonly delimiter: string
  readonly quote: string
  /** If it equals the quote, the quote is doubled. */
  readonly escape: string
  readonly lineEnd: string
  /** With `"needed"`, only fields that need quotes get them. */
  readonly quoting: "needed" | "all" | "text"
}

const plain: Rendering = { delimiter: ",", quote: '"', escape: '"', lineEnd: "\n", quoting: "needed" }

/** The text of a field. */
function renderField(field: string, rendering: Rendering): string {
  const { delimiter, quote, escape: escaping, quoting } = rendering
  const special =
    field.includes(delimiter.trim() || delimiter) ||
    field.includes(quote) ||
    /[\r\n]|^[ #]| $/.test(field) ||
    (escaping !== quote && field.includes(escaping))
  const wanted = quoting === "all" || (quoting === "text" && Number.isNaN(Number(field)))
  if (!special && !wanted) return field
  const inner =
    escaping === quote
      ? field.replaceAll(quote, quote + quote)
      : field.replaceAll(escaping, escaping + escaping).replaceAll(quote, escaping + quote)
  return quote + inner + quote
}

/** The text of a record without its line end. */
function renderRecord(fields: readonly string[], rendering: Rendering): string {
  return fields.map((field) => renderField(field, rendering)).join(rendering.delimiter)
}

/** The text of a table, every record with its line end. */
export function render(rows: readonly (readonly string[])[], rendering: Partial<Rendering> = {}): string {
  const whole = { ...plain, ...rendering }
  return rows.map((row) => renderRecord(row, whole) + whole.lineEnd).join("")
}
