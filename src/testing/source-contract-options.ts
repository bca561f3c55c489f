import type { Source } from "../contract/source.ts"

/** A file that the contract needs. */
export interface ContractFile {
  /** A plain name without folders, such as `"one.csv"`. */
  readonly name: string
  /** Its bytes. */
  readonly content: Uint8Array
}

/** A source and its files. */
export interface SourceUnderTest {
  /** The source. */
  readonly source: Source
  /** Replaces the content of a file, or removes the file if `content` is undefined. Omit it if the files of the source cannot change. */
  change?(name: string, content: Uint8Array | undefined): Promise<void>
  /** Removes the files after their case. */
  remove?(): Promise<void>
}

/** Options of `sourceContract`. */
export interface SourceContractOptions {
  /** Makes files and a source that lists them. It is called once for each case. */
  create(files: readonly ContractFile[]): SourceUnderTest | Promise<SourceUnderTest>
  /** Whether the source can list more than one file. Default: true. With false, `create` gets one file at a time. */
  readonly many?: boolean | undefined
}
