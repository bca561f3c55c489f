import type { FileHandle } from "node:fs/promises"
import { Worker } from "node:worker_threads"
import { blockBytes } from "./block-digests.ts"

/** Files of at least this size are hashed in a thread. Starting one takes about 50 ms, in which this thread can hash as much. */
const threadBytes = 64 << 20

/**
 * The program of the thread. It is a string, so a bundle contains it and needs no second file. This process keeps the handle open until the
 * thread ends. The digests of blocks must equal those of `BlockDigests`.
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

/** The hash of a file and the digests of its blocks. */
export interface FileDigest {
  /** In hex. */
  readonly sha256: string
  /** The digests of its blocks, concatenated. */
  readonly blocks: Uint8Array
}

/**
 * Hashes a large file in a thread. Returns undefined if the file is small, if the process cannot start threads, or if reading fails; the
 * caller then reads the file itself and meets the error.
 */
export async function digestInThread({ fd }: FileHandle, size: number, key: Uint8Array): Promise<FileDigest | undefined> {
  if (size < threadBytes) return undefined
  return await new Promise((resolve) => {
    try {
      // The thread must not inherit the options of the process, such as a loader.
      const worker = new Worker(program, { eval: true, execArgv: [], workerData: { fd, size, blockBytes, key } })
      worker.once("message", resolve)
      worker.once("error", () => resolve(undefined))
      worker.once("exit", () => resolve(undefined))
    } catch {
      resolve(undefined)
    }
  })
}
