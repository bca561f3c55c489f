import { ParquetFault } from "../parquet-fault.ts"

/** Unpacks an LZ4 block (lz4_Block_format.md). */
export function unpackLz4(packed: Uint8Array, length: number): Uint8Array {
  const output = new Uint8Array(length)
  unpackBlock(packed, output)
  return output
}

/** Unpacks LZ4 in Hadoop's frames, which state both sizes before each block, or without frames. Writers use the name LZ4 for both. */
export function unpackHadoopLz4(packed: Uint8Array, length: number): Uint8Array {
  const frames = hadoopFrames(packed, length)
  if (frames === undefined) return unpackLz4(packed, length)
  const output = new Uint8Array(length)
  for (const { from, to, start, end } of frames) unpackBlock(packed.subarray(from, to), output.subarray(start, end))
  return output
}

interface Frame {
  /** The range in the compressed bytes, and the range in the output. */
  readonly from: number
  readonly to: number
  readonly start: number
  readonly end: number
}

/** Finds Hadoop's frames. Returns undefined if the sizes do not add up, which means that there are no frames. */
function hadoopFrames(packed: Uint8Array, length: number): Frame[] | undefined {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength)
  const frames: Frame[] = []
  let at = 0
  let start = 0
  while (at + 8 <= packed.length) {
    const [unpackedBytes, packedBytes] = [view.getUint32(at), view.getUint32(at + 4)]
    // An empty frame could repeat without end.
    if (packedBytes === 0) return undefined
    at += 8
    frames.push({ from: at, to: at + packedBytes, start, end: start + unpackedBytes })
    at += packedBytes
    start += unpackedBytes
    if (at > packed.length || start > length) return undefined
  }
  return at === packed.length && start === length ? frames : undefined
}

function unpackBlock(packed: Uint8Array, output: Uint8Array): void {
  let at = 0
  let out = 0
  /** Reads a length that begins with four bits and continues in bytes. */
  const lengthFrom = (bits: number): number => {
    let length = bits
    if (bits < 15) return length
    for (;;) {
      if (at >= packed.length) throw damaged()
      const byte = packed[at++] ?? 0
      length += byte
      if (byte < 255) return length
    }
  }
  while (at < packed.length) {
    const token = packed[at++] ?? 0
    const literals = lengthFrom(token >> 4)
    if (at + literals > packed.length) throw damaged()
    if (out + literals > output.length) throw tooLong(output.length)
    if (literals > 16) output.set(packed.subarray(at, at + literals), out)
    else for (let i = 0; i < literals; i++) output[out + i] = packed[at + i] ?? 0
    at += literals
    out += literals
    // The last sequence has literals only.
    if (at === packed.length) break
    const offset = (packed[at] ?? 0) | ((packed[at + 1] ?? 0) << 8)
    at += 2
    const length = lengthFrom(token & 15) + 4
    if (offset === 0 || offset > out) throw damaged()
    if (out + length > output.length) throw tooLong(output.length)
    if (offset >= length && length > 16) output.copyWithin(out, out - offset, out - offset + length)
    else for (let i = 0; i < length; i++) output[out + i] = output[out - offset + i] ?? 0
    out += length
  }
  if (out < output.length) throw new ParquetFault(`a page unpacks to ${out} bytes instead of ${output.length}`)
}

function damaged(): ParquetFault {
  return new ParquetFault("a page has damaged LZ4 data")
}

function tooLong(length: number): ParquetFault {
  return new ParquetFault(`a page unpacks to more than the ${length} bytes that it states`)
}
