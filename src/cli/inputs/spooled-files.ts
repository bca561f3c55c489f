import { createWriteStream } from "node:fs"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pipeline } from "node:stream/promises"
import type { Source, SourceFile } from "../../contract/source.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import { openLocalFile } from "../../sources/open-local-file.ts"
import { usageError } from "../usage-error.ts"
import type { Input } from "./input.ts"

/** Files that arrive as a stream. Each is copied to a private temporary folder when it is read first, because a load reads files more than once. */
export class SpooledFiles implements AsyncDisposable {
  readonly #stdin: AsyncIterable<Uint8Array> | undefined
  #folder: Promise<string> | undefined
  #count = 0

  constructor(stdin: AsyncIterable<Uint8Array> | undefined) {
    this.#stdin = stdin
  }

  stdin(): Input {
    const given = this.#stdin
    if (given === undefined) throw usageError("There is no standard input.")
    return { name: "stdin", path: undefined, source: this.#source("stdin", async () => given) }
  }

  download(address: URL): Input {
    const name = decoded(address.pathname.split("/").at(-1) ?? "") || address.hostname
    return { name, path: undefined, source: this.#source(shown(address), (signal) => bodyOf(address, signal)) }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#folder !== undefined) await rm(await this.#folder, { recursive: true, force: true })
  }

  #source(uri: string, open: (signal: AbortSignal) => Promise<AsyncIterable<Uint8Array>>): Source {
    let copy: Promise<SourceFile> | undefined
    const spool = async (signal: AbortSignal) => {
      this.#folder ??= mkdtemp(join(tmpdir(), "rowgate-"))
      const path = join(await this.#folder, String(this.#count++))
      await copied(uri, await open(signal), path, signal)
      return await openLocalFile(path, uri)
    }
    return {
      name: "stream",
      async *files({ signal }) {
        copy ??= spool(signal)
        yield await copy
      },
    }
  }
}

async function copied(uri: string, chunks: AsyncIterable<Uint8Array>, path: string, signal: AbortSignal): Promise<void> {
  try {
    await pipeline(chunks, createWriteStream(path, { flags: "wx", mode: 0o600 }), { signal })
  } catch (cause) {
    signal.throwIfAborted()
    throw unreadable(uri, "broke off before its end", cause)
  }
}

async function bodyOf(address: URL, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
  const uri = shown(address)
  const response = await fetch(address, { signal }).catch((cause: unknown) => {
    signal.throwIfAborted()
    throw unreadable(uri, "cannot be reached", cause)
  })
  const { ok, status, body } = response
  if (ok && body !== null) return body
  await body?.cancel()
  if (ok) throw unreadable(uri, "answered without a body", undefined)
  if (status !== 404 && status !== 410) throw unreadable(uri, `answered with the status ${status}`, undefined)
  throw new RowgateError({
    code: "SOURCE_NOT_FOUND",
    message: `${uri} does not exist (status ${status}).`,
    remedy: "Check the URL.",
    origin: { uri },
  })
}

function unreadable(uri: string, says: string, cause: unknown): RowgateError {
  return new RowgateError({
    code: "SOURCE_UNREADABLE",
    message: `${uri} ${says}.`,
    remedy: "Check the address and your permission to read it, and run the command again.",
    origin: { uri },
    cause,
  })
}

/** A password, and the query of a signed URL, are nobody's business. */
function shown(address: URL): string {
  return `${address.origin}${address.pathname}`
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
