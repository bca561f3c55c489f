import type { Parser } from "../contract/parser.ts"
import type { Row } from "../model/cell-value.ts"

/** A file of the parser's format and the rows in it. */
export interface ParserExample {
  /** The file. */
  readonly content: Uint8Array | string
  /** The rows that the parser must return, in order. */
  readonly rows: readonly Row[]
}

/** Options of `parserContract`. */
export interface ParserContractOptions {
  /** Makes the parser. It is called once for each case. */
  create(): Parser<unknown>
  /** Makes a file with this many rows, at least one. The same number must give the same file. */
  example(rows: number): ParserExample | Promise<ParserExample>
  /** The name of the file, for formats that depend on it. Default: `"example"`. */
  readonly fileName?: string | undefined
}
