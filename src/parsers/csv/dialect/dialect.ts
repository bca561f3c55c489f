/**
 * How a delimited text is written.
 *
 * Characters stand for bytes: the code works on Latin-1 views of the UTF-8 text, so a position is a byte offset and a delimiter beyond ASCII has
 * several characters.
 */
export interface Dialect {
  /** Undefined if the table has one column. */
  readonly delimiter: string | undefined
  readonly quote: string | undefined
  /** Escapes the character after it. Quotes may be doubled as well. */
  readonly escape: string | undefined
  /** `"\n"`: LF, or CR LF. `"\r"`: CR, LF or both. */
  readonly lineEnd: "\n" | "\r"
  /** The text that comment lines begin with. */
  readonly comment: string | undefined
  /** Whether to ignore spaces around fields. Quoted fields keep those within the quotes. */
  readonly padded: boolean
  /** Whether to treat consecutive delimiters as one, as in aligned columns. */
  readonly collapsed: boolean
}

/** The dialect to assume without evidence for another. */
export const plainDialect: Dialect = {
  delimiter: ",",
  quote: '"',
  escape: undefined,
  lineEnd: "\n",
  comment: undefined,
  padded: false,
  collapsed: false,
}

/** The delimiters of nearly all tables. The comma comes last because texts and numbers contain it too. */
export const commonDelimiters = [";", "\t", "|", ","]

/** A text as a Latin-1 view of its UTF-8. */
export function byteView(text: string): string {
  return Buffer.from(text).toString("latin1")
}

/** The text of a Latin-1 view. Bytes that are not UTF-8 become U+FFFD. */
export function textOfView(view: string): string {
  return isAsciiView(view) ? view : Buffer.from(view, "latin1").toString()
}

/** Whether a Latin-1 view of UTF-8 is its text. */
export function isAsciiView(view: string): boolean {
  return !/[\u0080-\u00ff]/.test(view)
}

/** The character that escapes others in a field without quotes: none, unless the dialect has no quotes at all. */
export function plainEscape({ quote, escape: escaping }: Dialect): string | undefined {
  return quote === undefined ? escaping : undefined
}

/** The length of the line end at a position; 0 if there is none. */
export function lineEndAt(view: string, at: number, dialect: Dialect): number {
  const code = view.charCodeAt(at)
  if (code === 10) return 1
  if (code !== 13) return 0
  if (view.charCodeAt(at + 1) === 10) return 2
  return dialect.lineEnd === "\r" ? 1 : 0
}
