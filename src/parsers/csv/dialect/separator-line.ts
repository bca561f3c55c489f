import type { SampleStart } from "./sample-records.ts"

/** A first line that says what the delimiter is. */
export interface SeparatorLine {
  readonly delimiter: string
  /** Where the text goes on. */
  readonly start: SampleStart
}

/** The line `sep=;` that Excel takes as the name of the delimiter, and other programs write for it; undefined where the text does not begin so. */
export function separatorLine(view: string, { at, line }: SampleStart): SeparatorLine | undefined {
  const found = /^(?:"sep=([^\r\n"])"|sep=([^\r\n]))(?:\r\n|\n|\r)/i.exec(view.slice(at, at + 16))
  const delimiter = found?.[1] ?? found?.[2]
  if (found === null || delimiter === undefined) return undefined
  return { delimiter, start: { at: at + found[0].length, line: line + 1 } }
}
