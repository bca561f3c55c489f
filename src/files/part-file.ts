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

/** Machines that share a folder cannot see each other's processes. */
const host = createHash("sha256").update(hostname()).digest("hex").slice(0, 8)

/**
 * A file under a temporary name beside its target. The name is hidden, so programs that read the folder do not take the file for a result. It
 * contains the machine and the process, so leftovers can be recognised. Only the owner can read the file, also under its final name.
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

  /** Creates the file and missing directories. Fails with `SINK_REFUSED` if it must not replace the target, or with the error of the system. */
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

  /** A stream into the file. Ending the stream leaves the file open. */
  stream(): Writable {
    return new Writable({
      write: (bytes: Buffer, _, done) => void this.#file.appendFile(bytes).then(() => done(), done),
    })
  }

  /** Appends the bytes of another part, from a position on, and removes that part. */
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

  /** Moves the file to its target, once it is on the disk: readers see the old file or the new one. If that fails, the part is removed. */
  async publish(target: string): Promise<void> {
    try {
      await this.#flush()
      await this.#file.sync()
      await this.#close()
      // A rename follows no link. A link that is created after this check is replaced.
      await requireReplaceable(target)
      await rename(this.path, target)
    } catch (error) {
      await this.discard().catch(() => undefined)
      throw error
    }
    const directory = await open(dirname(target), "r").catch(() => undefined)
    // Some systems cannot sync a directory; there, the rename is as durable as the system makes it.
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
    message: `${target} cannot be written: ${fault}, and rowgate only replaces regular files of this user.`,
    remedy: "Name another file, or remove what is there.",
    origin: { uri: target },
  })
}

/** Removes parts of the same file that a killed process of this machine left behind. */
async function removeLeftovers(target: string): Promise<void> {
  const prefix = `.${basename(target)}.${host}.`
  for (const name of await readdir(dirname(target))) {
    const pid = name.startsWith(prefix) ? /^(\d+)\.[0-9a-f-]{36}\.part$/.exec(name.slice(prefix.length))?.[1] : undefined
    if (pid !== undefined && !isRunning(Number(pid))) await rm(join(dirname(target), name), { force: true })
  }
}
