import type { FileHandle } from "node:fs/promises"
import { Worker } from "node:worker_threads"
import { blockBytes } from "./block-digests.ts"

/** From so many bytes on a file is hashed in a thread of its own. One takes some 50 ms to begin, in which as much is hashed without it. */
const threadBytes = 64 << 20

/**
 * What the thread does. It is text, so that a bundle holds it and no second file has to be found; the handle stays open here until it is
 * through. The blocks' digests are those of `BlockDigests`.
 */
const program = `
const { createCipheriv, createHash } = require("node:crypto")
const { readSync } = require("node:fs")
const { parentPort, workerData: { fd, size, blockBytes, key } } = require("node:worker_threads")
const hash = createHash("sha256")
const buffer = Buffer.allocUnsafeSlow(blockBytes)
const nonce = new Uint8Array(12)
const blocks = new Uint8Array(16 * Math.ceil(size / blockBytes))
for (let at = 0, block = 0; at < size; block++) {
  const bytes = buffer.subarray(0, Math.min(blockBytes, size - at))
  for (let filled = 0; filled < bytes.length; ) {
    const count = readSync(fd, bytes, filled, bytes.length - filled, at + filled)
    if (count === 0) throw new Error("the file is shorter than it was")
    filled += count
  }
  hash.update(bytes)
  const cipher = createCipheriv("aes-128-gcm", key, nonce).setAAD(bytes)
  cipher.final()
  blocks.set(cipher.getAuthTag(), 16 * block)
  at += bytes.length
}
parentPort.postMessage({ sha256: hash.digest("hex"), blocks })
`

/** What reading a file from end to end gives. */
export interface FileDigest {
  /** In hex. */
  readonly sha256: string
  /** Digests of its blocks, one after another. */
  readonly blocks: Uint8Array
}

/**
 * The digest of a large file, taken while the caller does something else; undefined where it is small, where the process may not have
 * threads, or where reading fails, for which the caller will find the reason.
 */
export async function digestAside({ fd }: FileHandle, size: number, key: Uint8Array): Promise<FileDigest | undefined> {
  if (size < threadBytes) return undefined
  return await new Promise((resolve) => {
    try {
      // The options of the process, such as a loader, are not the thread's.
      const worker = new Worker(program, { eval: true, execArgv: [], workerData: { fd, size, blockBytes, key } })
      worker.once("message", resolve)
      worker.once("error", () => resolve(undefined))
      worker.once("exit", () => resolve(undefined))
    } catch {
      resolve(undefined)
    }
  })
}
