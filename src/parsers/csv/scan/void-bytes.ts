const lf = 10
const cr = 13

/** The bytes that a row without any value may contain: delimiters and line ends. */
export class VoidBytes {
  readonly #flags = new Uint8Array(256)

  constructor(delimiter: string | undefined) {
    for (const byte of [lf, cr, ...Buffer.from(delimiter ?? "", "latin1")]) this.#flags[byte] = 1
  }

  /** The first position from one on that holds another byte, or the end. */
  skip(window: Buffer, from: number, end: number): number {
    let at = from
    while (at < end && this.#flags[window[at] ?? 0] === 1) at++
    return at
  }
}
