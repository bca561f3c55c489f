import { ParquetFault } from "./parquet-fault.ts"

/**
 * Reads integers of a fixed bit width from the hybrid of runs and bit-packed groups that stores levels, dictionary codes and booleans
 * (parquet-format, Encodings.md, RLE = 3). It decodes only as many values as you read, because ten bytes can state thousands of millions.
 */
export class RunReader {
  readonly #bytes: Uint8Array
  readonly #end: number
  readonly #width: number
  #at: number
  /** Values left in total, and in the current run or group. */
  #total: number
  #left = 0
  /** The value of a run; undefined within a group. */
  #value: number | undefined
  /** The bit where the group's next value begins, counted from the start of the bytes. */
  #bit = 0

  /** `total` values are stored from `start` to `end`. */
  constructor(bytes: Uint8Array, start: number, end: number, width: number, total: number) {
    this.#bytes = bytes
    this.#at = start
    this.#end = end
    this.#width = width
    this.#total = total
  }

  /** Reads the next `count` values if they are in one run, and returns their common value. Otherwise reads nothing and returns undefined. */
  readRun(count: number): number | undefined {
    if (this.#left === 0 && count > 0) this.#open()
    if (this.#value === undefined || this.#left < count) return undefined
    this.#left -= count
    this.#total -= count
    return this.#value
  }

  /** Fills `output` with the next values. */
  read(output: Uint32Array | Uint8Array): void {
    for (let done = 0; done < output.length; ) {
      if (this.#left === 0) this.#open()
      const count = Math.min(this.#left, output.length - done)
      if (this.#value !== undefined) output.fill(this.#value, done, done + count)
      else {
        unpack(this.#bytes, this.#bit, this.#width, output, done, count)
        this.#bit += count * this.#width
      }
      this.#left -= count
      this.#total -= count
      done += count
    }
  }

  #open(): void {
    const header = this.#header()
    const count = Math.floor(header / 2)
    if (count === 0) throw new ParquetFault("a run has no values")
    if (header % 2 === 1) this.#openGroup(count)
    else this.#openRun(count)
  }

  #openRun(count: number): void {
    const size = (this.#width + 7) >> 3
    if (this.#at + size > this.#end) throw endsEarly()
    let value = 0
    for (let i = 0; i < size; i++) value += (this.#bytes[this.#at + i] ?? 0) * 2 ** (8 * i)
    this.#at += size
    this.#value = value
    this.#left = Math.min(count, this.#total)
  }

  /** The last group may end after the bytes of the last value. */
  #openGroup(count: number): void {
    this.#left = Math.min(count * 8, this.#total)
    if (this.#at + Math.ceil((this.#left * this.#width) / 8) > this.#end) throw endsEarly()
    this.#value = this.#width === 0 ? 0 : undefined
    this.#bit = this.#at * 8
    this.#at = Math.min(this.#end, this.#at + count * this.#width)
  }

  #header(): number {
    if (this.#total === 0) throw endsEarly()
    let header = 0
    for (let shift = 0; ; shift += 7) {
      if (this.#at >= this.#end || shift > 28) throw endsEarly()
      const byte = this.#bytes[this.#at++] ?? 0
      header += (byte & 127) * 2 ** shift
      if (byte < 128) return header
    }
  }
}

function endsEarly(): ParquetFault {
  return new ParquetFault("a run of values ends early")
}

/** Unpacks values, least significant bit first. Up to 24 bits fit in one word; wider values are joined from bytes. */
function unpack(bytes: Uint8Array, start: number, width: number, output: Uint32Array | Uint8Array, first: number, values: number): void {
  if (width > 24) {
    for (let i = 0; i < values; i++) output[first + i] = wideAt(bytes, start + i * width, width)
    return
  }
  const mask = (1 << width) - 1
  let at = Math.floor(start / 8)
  const within = start % 8
  let held = 0
  let word = 0
  if (within > 0) {
    word = (bytes[at++] ?? 0) >> within
    held = 8 - within
  }
  for (let i = 0; i < values; i++) {
    while (held < width) {
      word |= (bytes[at++] ?? 0) << held
      held += 8
    }
    output[first + i] = word & mask
    word >>>= width
    held -= width
  }
}

function wideAt(bytes: Uint8Array, bit: number, width: number): number {
  let value = 0
  for (let taken = 0; taken < width; ) {
    const within = (bit + taken) % 8
    const take = Math.min(8 - within, width - taken)
    value += (((bytes[Math.floor((bit + taken) / 8)] ?? 0) >> within) & ((1 << take) - 1)) * 2 ** taken
    taken += take
  }
  return value
}
