import type { Random } from "../../fuzz/random.ts"

/** A varint, with seven bits in each byte. */
export function varint(value: number): number[] {
  const bytes: number[] = []
  let left = value
  for (; left > 127; left = Math.floor(left / 128)) bytes.push((left % 128) | 128)
  return [...bytes, left]
}

const zigzag = (value: number) => varint(value < 0 ? -2 * value - 1 : 2 * value)

/** A run of equal values in the hybrid encoding: its length, then the value. */
export function run(length: number, value: number, valueBytes = 1): number[] {
  return [...varint(length * 2), ...Array.from({ length: valueBytes }, (_, at) => Math.floor(value / 256 ** at) % 256)]
}

/** The levels of a page of version 1, after their length. */
export function levels(bytes: readonly number[] | Uint8Array): number[] {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(bytes.length)
  return [...length, ...bytes]
}

/** Any number of integers that rise by `step`, as one block of differences of no bits. */
export function steps(count: number, first: number, step: number): number[] {
  const block = Math.max(128, Math.ceil(count / 128) * 128)
  return [...varint(block), ...varint(1), ...varint(count), ...zigzag(first), ...zigzag(step), 0]
}

/** Integers whose second and later values all equal the first plus `step`. */
export function stepOnce(count: number, first: number, step: number): number[] {
  const parts = Math.max(1, Math.ceil((count - 1) / 128))
  const packed = Buffer.alloc(512)
  packed.writeInt32LE(step)
  return [...varint(128 * parts), ...varint(parts), ...varint(count), ...zigzag(first), 0, 32, ...new Uint8Array(parts - 1), ...packed]
}

/** Texts, each after its length. */
export function plainTexts(texts: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    texts.flatMap((text) => {
      const length = Buffer.alloc(4)
      length.writeUInt32LE(text.length)
      return [length, text]
    }),
  )
}

/** A frame of Zstandard (RFC 8878) from finished blocks, with any window. */
export function zstdFrame(blocks: readonly (readonly number[])[], windowByte = 0x58): Buffer {
  return Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, windowByte, ...blocks.flat()])
}

/** A block that repeats one byte. */
export function zstdRun(length: number, isLast: boolean): number[] {
  const head = (length << 3) | 2 | (isLast ? 1 : 0)
  return [head & 255, (head >> 8) & 255, head >> 16, 0]
}

/** A compressed block of one literal and `sequences` copies of the same length, whose codes take no bits. */
export function zstdCopies(sequences: number, matchCode: number, isLast: boolean): number[] {
  const count =
    sequences < 0x7f00 ? [128 + (sequences >> 8), sequences & 255] : [255, (sequences - 0x7f00) & 255, (sequences - 0x7f00) >> 8]
  // One literal, then tables of one symbol: one literal each, the last offset, the length. The bit stream has only its end mark.
  const body = [0x08, 0x61, ...count, 0x54, 0, 0, matchCode, 1]
  const head = (body.length << 3) | 4 | (isLast ? 1 : 0)
  return [head & 255, (head >> 8) & 255, head >> 16, ...body]
}

/** Integers of a bit width in the hybrid encoding, as runs and groups of any lengths. */
export function runsOf(values: readonly number[], width: number, random: Random): number[] {
  const bytes: number[] = []
  for (let at = 0; at < values.length; ) {
    let same = 1
    while (values[at + same] === values[at]) same++
    if (random.chance(0.6)) {
      const length = 1 + random.below(same)
      bytes.push(...run(length, values[at] ?? 0, Math.ceil(width / 8)))
      at += length
    } else {
      const groups = 1 + random.below(4)
      bytes.push(
        ...varint(groups * 2 + 1),
        ...packed(
          Array.from({ length: groups * 8 }, (_, i) => BigInt(values[at + i] ?? 0)),
          width,
        ),
      )
      at += groups * 8
    }
  }
  return bytes
}

/** The bits of integers, least significant first. */
function packed(values: readonly bigint[], width: number): number[] {
  let bits = 0n
  for (const [at, value] of values.entries()) bits |= value << BigInt(at * width)
  const bytes = new Array<number>((values.length * width) / 8)
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number((bits >> BigInt(8 * at)) & 255n)
  return bytes
}

/** Integers as differences (DELTA_BINARY_PACKED), in blocks and miniblocks of any size. Differences are modulo 2^bits. */
export function packedIntegers(values: readonly (number | bigint)[], bits: 32 | 64, random: Random): number[] {
  const [parts, perPart] = [random.pick([1, 2, 4]), random.pick([8, 32])]
  const all = values.map(BigInt)
  const bytes = [...varint(parts * perPart), ...varint(parts), ...varint(all.length), ...zigzagBig(all[0] ?? 0n)]
  const steps = all.slice(1).map((value, at) => BigInt.asIntN(bits, value - (all[at] ?? 0n)))
  for (let at = 0; at < steps.length; at += parts * perPart) {
    const block = steps.slice(at, at + parts * perPart)
    const least = block.reduce((low, step) => (step < low ? step : low))
    const pieces = Array.from({ length: parts }, (_, part) =>
      Array.from({ length: perPart }, (_, i) => BigInt.asUintN(bits, (block[part * perPart + i] ?? least) - least)),
    )
    const widths = pieces
      .map((piece) => piece.reduce((most, step) => Math.max(most, step.toString(2).length), 0))
      .map((width) => Math.min(bits, width))
    bytes.push(...zigzagBig(least), ...widths)
    // The last miniblocks may be omitted if they are empty.
    for (const [part, piece] of pieces.entries()) if (part * perPart < block.length) bytes.push(...packed(piece, widths[part] ?? 0))
  }
  return bytes
}

function zigzagBig(value: bigint): number[] {
  const bytes: number[] = []
  let left = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n))
  for (; left > 127n; left >>= 7n) bytes.push(Number(left & 127n) | 128)
  return [...bytes, Number(left)]
}
