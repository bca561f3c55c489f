import type { Parser } from "../contract/parser.ts"
import type { Row } from "../model/cell-value.ts"

/** A file of the parser's format, and what must be read of it. */
export interface ParserExample {
  /** The file. */
  readonly content: Uint8Array | string
  /** The rows that the parser must give, in order. */
  readonly rows: readonly Row[]
}

/** Options of `parserContract`. */
export interface ParserContractOptions {
  /** Makes the parser. Called once for each case. */
  create(): Parser<unknown>
  /** A file of so many rows, at least one. The same number gives the same file. */
  example(rows: number): ParserExample | Promise<ParserExample>
  /** What the file is called, for formats that look at its name. Default `"example"`. */
  readonly fileName?: string | undefined
}
