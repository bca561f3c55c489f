import type { SampleStart } from "./sample-records.ts"

/** A first line that declares the delimiter. */
export interface SeparatorLine {
  readonly delimiter: string
  /** Where the text continues. */
  readonly start: SampleStart
}

/**
 * Reads the line `sep=;`, which declares the delimiter to Excel and which other programs write for it; undefined if the text does not begin with
 * one.
 */
export function separatorLine(view: string, { at, line }: SampleStart): SeparatorLine | undefined {
  const found = /^(?:"sep=([^\r\n"])"|sep=([^\r\n]))(?:\r\n|\n|\r)/i.exec(view.slice(at, at + 16))
  const delimiter = found?.[1] ?? found?.[2]
  if (found === null || delimiter === undefined) return undefined
  return { delimiter, start: { at: at + found[0].length, line: line + 1 } }
}
