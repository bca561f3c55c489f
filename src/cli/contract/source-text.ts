import { visibleJson, visibleText } from "../visible-text.ts"

/** A text as a literal of JavaScript. Whatever it is, it stays within its quotes. */
export function literal(text: string): string {
  return visibleJson(JSON.stringify(text))
}

/** A list of texts as arguments or items. */
export function literals(texts: readonly string[]): string {
  return texts.map(literal).join(", ")
}

/** A comment of one line. Texts of the file cannot end it, because their line ends are spelled out. */
export function comment(text: string): string {
  return `// ${visibleText(text, 160)}`
}

/** A cell or a header for a comment. */
export function quote(text: string): string {
  return `"${visibleText(text, 40)}"`
}

/** Code as comments, so that removing the slashes brings it back. */
export function commentedOut(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `// ${line}`)
}

/** Some rows by their numbers. */
export function rowList(rows: readonly number[], all: number): string {
  const more = all > rows.length ? ", ..." : ""
  return `${all === 1 ? "row" : "rows"} ${rows.join(", ")}${more}`
}
