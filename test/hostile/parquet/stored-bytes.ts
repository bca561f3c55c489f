/** An integer of varying length, seven bits a byte. */
export function varint(value: number): number[] {
  const bytes: number[] = []
  let left = value
  for (; left > 127; left = Math.floor(left / 128)) bytes.push((left % 128) | 128)
  return [...bytes, left]
}

const zigzag = (value: number) => varint(value < 0 ? -2 * value - 1 : 2 * value)

/** A run of equal values in the hybrid form: its length, then the value. */
export function run(length: number, value: number, valueBytes = 1): number[] {
  return [...varint(length * 2), ...Array.from({ length: valueBytes }, (_, at) => Math.floor(value / 256 ** at) % 256)]
}

/** Levels of a page of the first form, behind their length. */
export function levels(bytes: readonly number[]): number[] {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(bytes.length)
  return [...length, ...bytes]
}

/** Integers that go up by a step, as differences in one block without bits, however many they are. */
export function steps(count: number, first: number, step: number): number[] {
  const block = Math.max(128, Math.ceil(count / 128) * 128)
  return [...varint(block), ...varint(1), ...varint(count), ...zigzag(first), ...zigzag(step), 0]
}

/** Integers of which the second and all that follow differ from the first by so much. */
export function stepOnce(count: number, first: number, step: number): number[] {
  const parts = Math.max(1, Math.ceil((count - 1) / 128))
  const packed = Buffer.alloc(512)
  packed.writeInt32LE(step)
  return [...varint(128 * parts), ...varint(parts), ...varint(count), ...zigzag(first), 0, 32, ...new Uint8Array(parts - 1), ...packed]
}

/** Texts behind their lengths. */
export function plainTexts(texts: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    texts.flatMap((text) => {
      const length = Buffer.alloc(4)
      length.writeUInt32LE(text.length)
      return [length, text]
    }),
  )
}

/** A frame of Zstandard (RFC 8878) of blocks that are ready, with any window. */
export function zstdFrame(blocks: readonly (readonly number[])[], windowByte = 0x58): Buffer {
  return Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, windowByte, ...blocks.flat()])
}

/** A block of one byte, repeated. */
export function zstdRun(length: number, isLast: boolean): number[] {
  const head = (length << 3) | 2 | (isLast ? 1 : 0)
  return [head & 255, (head >> 8) & 255, head >> 16, 0]
}

/** A packed block of a literal and sequences of one code each, which take no bits: so many copies, all of the same length. */
export function zstdCopies(sequences: number, matchCode: number, isLast: boolean): number[] {
  const count =
    sequences < 0x7f00 ? [128 + (sequences >> 8), sequences & 255] : [255, (sequences - 0x7f00) & 255, (sequences - 0x7f00) >> 8]
  // One literal; tables of one symbol: a literal each, the offset before, the length. The stream has the mark of its end alone.
  const body = [0x08, 0x61, ...count, 0x54, 0, 0, matchCode, 1]
  const head = (body.length << 3) | 4 | (isLast ? 1 : 0)
  return [head & 255, (head >> 8) & 255, head >> 16, ...body]
}
