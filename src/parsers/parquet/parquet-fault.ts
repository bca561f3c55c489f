/** What is wrong with a file, said where its name and place are not known. The message is a clause: `a run of values ends early`. */
export class ParquetFault extends Error {
  /** Whether the file may be sound, and uses a part of the format that is not read. */
  readonly isUnsupported: boolean

  constructor(message: string, isUnsupported = false) {
    super(message)
    this.name = "ParquetFault"
    this.isUnsupported = isUnsupported
  }
}
