/** How a table is written as text. */
export interface Rendering {
  readonly delimiter: string
  readonly quote: string
  /** Equal to the quote: it is doubled. */
  readonly escape: string
  readonly lineEnd: string
  /** `"needed"`: only fields that need it. */
  readonly quoting: "needed" | "all" | "text"
}

const plain: Rendering = { delimiter: ",", quote: '"', escape: '"', lineEnd: "\n", quoting: "needed" }

/** A field as it is written. */
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

/** A record without its line end. */
function renderRecord(fields: readonly string[], rendering: Rendering): string {
  return fields.map((field) => renderField(field, rendering)).join(rendering.delimiter)
}

/** A table as text, every record with its line end. */
export function render(rows: readonly (readonly string[])[], rendering: Partial<Rendering> = {}): string {
  const whole = { ...plain, ...rendering }
  return rows.map((row) => renderRecord(row, whole) + whole.lineEnd).join("")
}
