import type { Source } from "../contract/source.ts"

/** A file as the contract brings it. */
export interface ContractFile {
  /** A plain name without folders, such as `"one.csv"`. */
  readonly name: string
  /** Its bytes. */
  readonly content: Uint8Array
}

/** A source over files of its own. */
export interface SourceUnderTest {
  /** The source. */
  readonly source: Source
  /** Puts another content in the place of a file's, or takes the file away where there is none. Left out: the files of the source do not change. */
  change?(name: string, content: Uint8Array | undefined): Promise<void>
  /** Removes the files when their case is over. */
  remove?(): Promise<void>
}

/** Options of `sourceContract`. */
export interface SourceContractOptions {
  /** Makes files and a source that lists them. Called once for each case. */
  create(files: readonly ContractFile[]): SourceUnderTest | Promise<SourceUnderTest>
  /** Whether the source can list more than one file. Default true; with false `create` gets one at a time. */
  readonly many?: boolean | undefined
}
