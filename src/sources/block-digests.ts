import { createCipheriv, randomBytes } from "node:crypto"

/** Bytes of one block. Even a read of a few bytes reads a whole block, so larger blocks would slow down random access. */
export const blockBytes = 128 * 1024

const digestBytes = 16

/**
 * Remembers a digest of each block of a file when it is first read. Later reads are compared with it, so they see the same bytes even if the
 * file was changed and got its old times back.
 *
 * The digest is GMAC with a key that never leaves the process. Nobody can make two blocks with the same digest without the key, and GMAC takes
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

  /** Whether blocks are the same as when they were first read. `bytes` holds whole blocks, and the first begins at `start`. */
  agree(start: number, bytes: Uint8Array): boolean {
    for (let at = 0; at < bytes.length; at += blockBytes)
      if (!this.#agrees((start + at) / blockBytes, this.#digest(bytes.subarray(at, at + blockBytes)))) return false
    return true
  }

  /** The same for the digests of all blocks, computed elsewhere with the same key. */
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

  /** The constant nonce is safe, because nobody outside the process sees the tags. */
  #digest(block: Uint8Array): Uint8Array {
    const cipher = createCipheriv("aes-128-gcm", this.key, nonce).setAAD(block)
    cipher.final()
    return cipher.getAuthTag()
  }
}

const nonce = new Uint8Array(12)
