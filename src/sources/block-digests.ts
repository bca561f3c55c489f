import { createCipheriv, randomBytes } from "node:crypto"

/** Bytes of one block. A read of a few bytes costs a whole block, so that larger ones would slow down readers that seek. */
export const blockBytes = 128 * 1024

const digestBytes = 16

/**
 * What each block of a file held when it was first read, so that all readings of the file are of the same bytes, whatever its times say.
 *
 * The digest is GMAC under a key that never leaves the process: who does not know it cannot make two blocks with the same digest, and it takes
 * a fifth of the time of sha256.
 */
export class BlockDigests {
  readonly key = randomBytes(16)
  readonly #digests: Uint8Array
  readonly #isKnown: Uint8Array

  constructor(size: number) {
    const blocks = Math.ceil(size / blockBytes)
    this.#digests = new Uint8Array(blocks * digestBytes)
    this.#isKnown = new Uint8Array(blocks)
  }

  /** Whether whole blocks, the first of which begins at `start`, are what they were for those who read them before. */
  agree(start: number, bytes: Uint8Array): boolean {
    for (let at = 0; at < bytes.length; at += blockBytes)
      if (!this.#agrees((start + at) / blockBytes, this.#digest(bytes.subarray(at, at + blockBytes)))) return false
    return true
  }

  /** The same for digests of all blocks, taken elsewhere under the same key. */
  agreeAll(digests: Uint8Array): boolean {
    for (let block = 0; block < this.#isKnown.length; block++)
      if (!this.#agrees(block, digests.subarray(block * digestBytes, (block + 1) * digestBytes))) return false
    return true
  }

  #agrees(block: number, digest: Uint8Array): boolean {
    const at = block * digestBytes
    if (this.#isKnown[block] === 1) return digest.every((byte, index) => byte === this.#digests[at + index])
    this.#digests.set(digest, at)
    this.#isKnown[block] = 1
    return true
  }

  /** A nonce may repeat as long as nobody sees the tags. */
  #digest(block: Uint8Array): Uint8Array {
    const cipher = createCipheriv("aes-128-gcm", this.key, nonce).setAAD(block)
    cipher.final()
    return cipher.getAuthTag()
  }
}

const nonce = new Uint8Array(12)
