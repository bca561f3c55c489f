/**
 * Thrown by decoders, which do not know the file and the place. `decodingError` converts it to a `RowgateError`. The message is a clause:
 * `a run of values ends early`.
 */
export class ParquetFault extends Error {
  /** Whether the file is not damaged, but uses a feature that rowgate cannot read. */
  readonly isUnsupported: boolean

  constructor(message: string, isUnsupported = false) {
    super(message)
    this.name = "ParquetFault"
    this.isUnsupported = isUnsupported
  }
}
