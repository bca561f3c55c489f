/**
 * Decodes integers of a bit width from the hybrid of runs and bit-packed groups that levels, dictionary codes and booleans are stored in
 * (parquet-format, Encodings.md, RLE = 3). Gives the offset behind the last byte it needed. Never writes more than `output` holds.
 */
export function decodeRle(bytes: Uint8Array, start: number, end: number, width: number, output: Uint32Array | Uint8Array): number {
  let at = start
  let seen = 0
  while (seen < output.length) {
    let header = 0
    for (let shift = 0; ; shift += 7) {
      if (at >= end || shift > 28) throw new Error("a run of values ends early")
      const byte = bytes[at++] ?? 0
      header += (byte & 127) * 2 ** shift
      if (byte < 128) break
    }
    const count = Math.floor(header / 2)
    if (header % 2 === 1) {
      const values = Math.min(count * 8, output.length - seen)
      if (at + Math.ceil((values * width) / 8) > end) throw new Error("a group of values ends early")
      unpack(bytes, at, width, output, seen, values)
      seen += values
      at = Math.min(end, at + count * width)
    } else {
      const size = (width + 7) >> 3
      if (at + size > end) throw new Error("a run of values ends early")
      let value = 0
      for (let i = 0; i < size; i++) value += (bytes[at + i] ?? 0) * 2 ** (8 * i)
      at += size
      const stop = Math.min(output.length, seen + count)
      output.fill(value, seen, stop)
      seen = stop
    }
  }
  return at
}

/** The value of all of them, where the bytes begin with a run of at least so many; undefined where they differ, or end early. */
export function constantRun(bytes: Uint8Array, start: number, end: number, width: number, count: number): number | undefined {
  let header = 0
  let at = start
  for (let shift = 0; ; shift += 7) {
    if (at >= end || shift > 28) return undefined
    const byte = bytes[at++] ?? 0
    header += (byte & 127) * 2 ** shift
    if (byte < 128) break
  }
  const size = (width + 7) >> 3
  if (header % 2 === 1 || header / 2 < count || at + size > end) return undefined
  let value = 0
  for (let i = 0; i < size; i++) value += (bytes[at + i] ?? 0) * 2 ** (8 * i)
  return value
}

/** Least significant bit first. Up to 24 bits go through one word; wider ones are put together from bytes. */
function unpack(bytes: Uint8Array, start: number, width: number, output: Uint32Array | Uint8Array, first: number, values: number): void {
  if (width === 0) {
    output.fill(0, first, first + values)
    return
  }
  const mask = width === 32 ? 0xffff_ffff : (1 << width) - 1
  let at = start
  let held = 0
  let word = 0
  for (let i = 0; i < values; i++) {
    if (width <= 24) {
      while (held < width) {
        word |= (bytes[at++] ?? 0) << held
        held += 8
      }
      output[first + i] = word & mask
      word >>>= width
      held -= width
      continue
    }
    const bit = i * width
    let value = 0
    for (let taken = 0; taken < width; ) {
      const position = bit + taken
      const within = position & 7
      const take = Math.min(8 - within, width - taken)
      value += (((bytes[start + (position >> 3)] ?? 0) >> within) & ((1 << take) - 1)) * 2 ** taken
      taken += take
    }
    output[first + i] = value
  }
}
