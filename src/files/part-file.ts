import { createHash, randomUUID } from "node:crypto"
import { type FileHandle, open, readdir, rename, rm } from "node:fs/promises"
import { hostname } from "node:os"
import { basename, dirname, join } from "node:path"
import { Writable } from "node:stream"
import { RowgateError } from "../errors/rowgate-error.ts"
import { isRunning } from "./is-running.ts"
import { madeDirectory } from "./made-directory.ts"
import { replaceFault } from "./replace-fault.ts"

const bufferChars = 1 << 18

/** Machines that share a folder do not know each other's processes. */
const host = createHash("sha256").update(hostname()).digest("hex").slice(0, 8)

/**
 * A file under a temporary name beside the one that it will be: hidden, and none that a program which reads the folder takes for a result.
 * The name holds machine and process, so that leftovers can be told. Only its owner can read it, then and later.
 */
export class PartFile {
  readonly path: string
  readonly #file: FileHandle
  #text = ""
  #closed = false

  private constructor(path: string, file: FileHandle) {
    this.path = path
    this.#file = file
  }

  /** Fails with `SINK_REFUSED` where the file may not take its name, and with what the system says. Directories that are missing are made. */
  static async create(target: string): Promise<PartFile> {
    await requireReplaceable(target)
    await madeDirectory(dirname(target))
    await removeLeftovers(target)
    const path = join(dirname(target), `.${basename(target)}.${host}.${process.pid}.${randomUUID()}.part`)
    return new PartFile(path, await open(path, "wx+", 0o600))
  }

  async write(text: string): Promise<void> {
    this.#text += text
    if (this.#text.length >= bufferChars) await this.#flush()
  }

  /** For writers of bytes. It ends when they end it, and the file stays open. */
  stream(): Writable {
    return new Writable({
      write: (bytes: Buffer, _, done) => void this.#file.appendFile(bytes).then(() => done(), done),
    })
  }

  /** Adds another part's bytes at the end, from a position on, and removes that part. */
  async take(other: PartFile, from: number): Promise<void> {
    await this.#flush()
    await other.#flush()
    const piece = Buffer.allocUnsafe(bufferChars)
    for (let at = from; ; ) {
      const { bytesRead } = await other.#file.read(piece, 0, piece.length, at)
      if (bytesRead === 0) break
      await this.#file.appendFile(piece.subarray(0, bytesRead))
      at += bytesRead
    }
    await other.discard()
  }

  /** Gives the file its name: readers see the old file or this one. It is on the disk before it is seen. Where that fails, nothing is left of it. */
  async publish(target: string): Promise<void> {
    try {
      await this.#flush()
      await this.#file.sync()
      await this.#close()
      // A rename follows no link: who puts one there after this look loses it.
      await requireReplaceable(target)
      await rename(this.path, target)
    } catch (error) {
      await this.discard().catch(() => undefined)
      throw error
    }
    const directory = await open(dirname(target), "r").catch(() => undefined)
    // Some systems cannot sync a directory; the rename is then as durable as they make it.
    await directory?.sync().catch(() => undefined)
    await directory?.close()
  }

  async discard(): Promise<void> {
    await this.#close()
    await rm(this.path, { force: true })
  }

  async #flush(): Promise<void> {
    const text = this.#text
    this.#text = ""
    if (text !== "") await this.#file.appendFile(text)
  }

  async #close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#file.close()
  }
}

async function requireReplaceable(target: string): Promise<void> {
  const fault = await replaceFault(target)
  if (fault === undefined) return
  throw new RowgateError({
    code: "SINK_REFUSED",
    message: `${target} cannot be written: ${fault}, and only a regular file of this user is replaced.`,
    remedy: "Name another file, or remove what is there.",
    origin: { uri: target },
  })
}

/** Parts of the same file that a process of this machine left behind when it was killed. */
async function removeLeftovers(target: string): Promise<void> {
  const prefix = `.${basename(target)}.${host}.`
  for (const name of await readdir(dirname(target))) {
    const pid = name.startsWith(prefix) ? /^(\d+)\.[0-9a-f-]{36}\.part$/.exec(name.slice(prefix.length))?.[1] : undefined
    if (pid !== undefined && !isRunning(Number(pid))) await rm(join(dirname(target), name), { force: true })
  }
}
