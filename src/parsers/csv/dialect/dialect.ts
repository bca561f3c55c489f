/**
 * How a delimited text is written.
 *
 * Characters stand for bytes: texts are looked at as Latin-1 views of their UTF-8, where a position is a byte offset and a delimiter beyond
 * ASCII has several characters.
 */
export interface Dialect {
  /** Undefined where the table has one column. */
  readonly delimiter: string | undefined
  readonly quote: string | undefined
  /** Makes the character after it plain, beside the doubling of quotes. */
  readonly escape: string | undefined
  /** `"\n"`: LF, or CR LF. `"\r"`: CR, LF or both. */
  readonly lineEnd: "\n" | "\r"
  /** What a line of comment begins with. */
  readonly comment: string | undefined
  /** Spaces after a delimiter are no data. */
  readonly padded: boolean
  /** Delimiters in a row count as one, as in aligned columns. */
  readonly collapsed: boolean
}

/** What is assumed where nothing speaks. */
export const plainDialect: Dialect = {
  delimiter: ",",
  quote: '"',
  escape: undefined,
  lineEnd: "\n",
  comment: undefined,
  padded: false,
  collapsed: false,
}

/** What nearly all tables have between their fields; the comma, which texts and numbers have too, comes last. */
export const commonDelimiters = [";", "\t", "|", ","]

/** A text as a Latin-1 view of its UTF-8. */
export function byteView(text: string): string {
  return Buffer.from(text).toString("latin1")
}

/** The text of a Latin-1 view; what is not UTF-8 in it becomes U+FFFD. */
export function textOfView(view: string): string {
  return /[\u0080-\u00ff]/.test(view) ? Buffer.from(view, "latin1").toString() : view
}

/** The length of the line end at a position; 0 where there is none. */
export function lineEndAt(view: string, at: number, dialect: Dialect): number {
  const code = view.charCodeAt(at)
  if (code === 10) return 1
  if (code !== 13) return 0
  if (view.charCodeAt(at + 1) === 10) return 2
  return dialect.lineEnd === "\r" ? 1 : 0
}
