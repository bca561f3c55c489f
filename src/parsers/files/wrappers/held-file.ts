import type { SourceFile } from "../../../contract/source.ts"
import { limitExceeded } from "../../../errors/limit-exceeded.ts"

/** A file and its size. */
export interface HeldFile {
  readonly file: SourceFile
  readonly size: number
}

/** The file itself if its size is known, else a copy of its bytes in memory. Workbooks and parquet files are read from their end. */
export async function heldFile(file: SourceFile, maxBytes: number): Promise<HeldFile> {
  if (file.size !== undefined) return { file, size: file.size }
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of file.stream()) {
    if (part.length > 0) parts.push(part)
    length += part.length
    if (length > maxBytes)
      throw limitExceeded({
        subject: "The file, which is read into memory,",
        unit: "bytes or more",
        seen: length,
        limit: maxBytes,
        option: "limits.heldBytes",
        origin: { uri: file.uri },
      })
  }
  const held = new HeldBytes(parts)
  const inMemory: SourceFile = {
    uri: file.uri,
    ...(file.version === undefined ? {} : { version: file.version }),
    size: length,
    async *stream({ start, end = length } = { start: 0 }) {
      yield* held.pieces(start, Math.min(end, length))
    },
    async read(start, end) {
      const [first = new Uint8Array(0), ...more] = held.pieces(start, Math.min(end, length))
      return more.length === 0 ? first : Buffer.concat([first, ...more])
    },
  }
  return { file: inMemory, size: length }
}

/** Keeps the bytes in the pieces they came in. Joining them would need twice the memory for a moment. */
class HeldBytes {
  readonly #pieces: readonly Uint8Array[]
  /** Where each piece begins. */
  readonly #starts: Float64Array

  constructor(pieces: readonly Uint8Array[]) {
    this.#pieces = pieces
    this.#starts = new Float64Array(pieces.length)
    let start = 0
    pieces.forEach((piece, at) => {
      this.#starts[at] = start
      start += piece.length
    })
  }

  *pieces(start: number, end: number): Generator<Uint8Array, void, undefined> {
    for (let at = this.#pieceAt(start); at < this.#pieces.length; at++) {
      const from = this.#starts[at] as number
      if (from >= end) return
      const piece = this.#pieces[at] as Uint8Array
      const part = piece.subarray(Math.max(0, start - from), end - from)
      if (part.length > 0) yield part
    }
  }

  /** The last piece that begins at or before an offset. */
  #pieceAt(offset: number): number {
    let low = 0
    let high = this.#pieces.length
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((this.#starts[middle] as number) <= offset) low = middle
      else high = middle
    }
    return low
  }
}
