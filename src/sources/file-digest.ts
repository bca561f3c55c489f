import type { FileHandle } from "node:fs/promises"
import { Worker } from "node:worker_threads"

/** From so many bytes on a file is hashed in a thread of its own. One takes some 50 ms to begin, in which as much is hashed without it. */
const threadBytes = 64 << 20

/**
 * What the thread does. It is text, so that a bundle holds it and no second file has to be found; the handle stays open here until it is
 * through.
 */
const program = `
const { createHash } = require("node:crypto")
const { readSync } = require("node:fs")
const { parentPort, workerData: { fd, size } } = require("node:worker_threads")
const hash = createHash("sha256")
const buffer = Buffer.allocUnsafeSlow(256 * 1024)
for (let at = 0; at < size; ) {
  const count = readSync(fd, buffer, 0, Math.min(buffer.length, size - at), at)
  if (count === 0) throw new Error("the file is shorter than it was")
  hash.update(buffer.subarray(0, count))
  at += count
}
parentPort.postMessage(hash.digest("hex"))
`

/**
 * The sha256 of a large file in hex, hashed while the caller does something else; undefined where it is small, where the process may not
 * have threads, or where reading fails, for which the caller will find the reason.
 */
export async function digestAside({ fd }: FileHandle, size: number): Promise<string | undefined> {
  if (size < threadBytes) return undefined
  return await new Promise((resolve) => {
    try {
      // The options of the process, such as a loader, are not the thread's.
      const worker = new Worker(program, { eval: true, execArgv: [], workerData: { fd, size } })
      worker.once("message", resolve)
      worker.once("error", () => resolve(undefined))
      worker.once("exit", () => resolve(undefined))
    } catch {
      resolve(undefined)
    }
  })
}
