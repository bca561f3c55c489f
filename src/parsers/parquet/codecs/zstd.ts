import { setImmediate as nextTurn } from "node:timers/promises"
import { ParquetFault } from "../parquet-fault.ts"
import { damagedZstd } from "./damaged-zstd.ts"
import { ZstdBlock } from "./zstd-block.ts"

/** Bytes that are unpacked, and blocks that are read, before the event loop gets a turn. */
const turnBytes = 4 << 20
const turnBlocks = 4096

/**
 * Unpacks frames of Zstandard (RFC 8878) into `length` bytes, which the page states. The output serves as the window, so the window size that a frame
 * states is ignored. A block that does not fit in the output is an error.
 *
 * We have our own decoder because Node before 22.15 has none, and the packages for it do not limit time and memory.
 */
export async function unpackZstd(packed: Uint8Array, length: number): Promise<Uint8Array> {
  const frames = new ZstdFrames(packed, length)
  let turn = turnBytes
  for (let blocks = 1; frames.block(); blocks++) {
    if (frames.made < turn && blocks % turnBlocks !== 0) continue
    turn = frames.made + turnBytes
    await nextTurn()
  }
  if (frames.made < length) throw new ParquetFault(`a page unpacks to ${frames.made} bytes instead of ${length}`)
  return frames.output
}

class ZstdFrames {
  readonly output: Uint8Array
  /** Bytes of the output that were written. */
  made = 0
  readonly #packed: Uint8Array
  readonly #block: ZstdBlock
  #at = 0
  #isInFrame = false
  #hasChecksum = false

  constructor(packed: Uint8Array, length: number) {
    this.#packed = packed
    this.output = new Uint8Array(length)
    this.#block = new ZstdBlock(this.output)
  }

  /** Unpacks the next block. Returns false after the last one. */
  block(): boolean {
    if (!this.#isInFrame) {
      if (this.#at === this.#packed.length) return false
      if (!this.#openFrame()) return true
    }
    const head = this.#number(3)
    const size = head >> 3
    switch ((head >> 1) & 3) {
      case 0:
        this.#makeRoom(size)
        this.output.set(this.#take(size), this.made)
        this.made += size
        break
      case 1:
        this.#makeRoom(size)
        this.output.fill(this.#number(1), this.made, this.made + size)
        this.made += size
        break
      case 2:
        this.made = this.#block.unpack(this.#take(size), this.made)
        break
      default:
        throw damagedZstd()
    }
    if ((head & 1) === 1) this.#endFrame()
    return true
  }

  /** Opens the next frame. Returns false if it was a skippable frame. */
  #openFrame(): boolean {
    const magic = this.#number(4)
    if ((magic & 0xffff_fff0) >>> 0 === 0x184d_2a50) {
      this.#take(this.#number(4))
      return false
    }
    if (magic !== 0xfd2f_b528) throw damagedZstd()
    const flags = this.#number(1)
    if ((flags & 8) !== 0) throw damagedZstd()
    const isSingle = (flags & 32) !== 0
    if (!isSingle) this.#take(1)
    if (this.#number([0, 1, 2, 4][flags & 3] ?? 0) !== 0) throw new ParquetFault("zstd with a dictionary", true)
    const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][flags >> 6] ?? 0
    const size = this.#number(sizeBytes) + (sizeBytes === 2 ? 256 : 0)
    if (sizeBytes > 0) this.#makeRoom(size)
    this.#hasChecksum = (flags & 4) !== 0
    this.#block.beginFrame(this.made)
    this.#isInFrame = true
    return true
  }

  #endFrame(): void {
    if (this.#hasChecksum) this.#take(4)
    this.#isInFrame = false
  }

  #makeRoom(bytes: number): void {
    if (this.made + bytes <= this.output.length) return
    throw new ParquetFault(`a page unpacks to ${this.made + bytes} bytes or more instead of ${this.output.length}`)
  }

  #number(bytes: number): number {
    let value = 0
    for (const [place, byte] of this.#take(bytes).entries()) value += byte * 2 ** (8 * place)
    return value
  }

  #take(bytes: number): Uint8Array {
    if (this.#at + bytes > this.#packed.length) throw damagedZstd()
    this.#at += bytes
    return this.#packed.subarray(this.#at - bytes, this.#at)
  }
}
