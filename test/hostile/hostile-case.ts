import type { Context } from "../../src/contract/context.ts"
import type { Parser } from "../../src/contract/parser.ts"
import type { SourceFile } from "../../src/contract/source.ts"
import type { Cost } from "./cost-watch.ts"

/** A hostile file and the parser that reads it. */
export interface HostileCase {
  readonly parser: Parser
  readonly file: SourceFile
  readonly context?: Partial<Context>
}

/** Cases by name. Each is created in the process that reads it. */
export interface HostileCases {
  readonly [name: string]: () => HostileCase | Promise<HostileCase>
}

/** The result of a case. */
export interface Measured extends Cost {
  /** The error's code; `"read"` if there was none; the error itself if it is not a RowgateError. */
  readonly outcome: string
  readonly message: string
  readonly rows: number
  /** The number of failed rows. */
  readonly rejected: number
  /** The codes of the issues, without repetition. */
  readonly issues: readonly string[]
  /** The files left in the folder for temporary files. */
  readonly leftFiles: readonly string[]
  /** What would keep the process alive afterwards. */
  readonly leftHandles: readonly string[]
}

/** A file that is generated while it is read: `bytes` of a pattern between a head and a tail. */
export function generatedFile(head: string, pattern: string | Uint8Array, bytes: number, tail = "", uri = "memory/hostile"): SourceFile {
  const size = Buffer.byteLength(head) + bytes + Buffer.byteLength(tail)
  const block = Buffer.alloc(64 * 1024 - ((64 * 1024) % Buffer.byteLength(pattern)), pattern)
  return {
    uri,
    size,
    async *stream({ start, end = size } = { start: 0 }) {
      let at = 0
      const cut = (chunk: Uint8Array) => {
        const from = at
        at += chunk.length
        return chunk.subarray(Math.max(0, start - from), Math.max(0, Math.min(chunk.length, end - from)))
      }
      yield cut(Buffer.from(head))
      for (let left = bytes; left > 0 && at < end; left -= block.length)
        yield Uint8Array.from(cut(left < block.length ? block.subarray(0, left) : block))
      if (at < end) yield cut(Buffer.from(tail))
    },
  }
}

/** A file in memory. */
export function fileOf(content: string | Uint8Array, uri = "memory/hostile"): SourceFile {
  const bytes = typeof content === "string" ? Buffer.from(content) : content
  return {
    uri,
    size: bytes.length,
    async *stream({ start, end = bytes.length } = { start: 0 }) {
      for (let at = start; at < Math.min(end, bytes.length); at += 64 * 1024)
        yield Uint8Array.from(bytes.subarray(at, Math.min(at + 64 * 1024, end)))
    },
    async read(start, end) {
      return bytes.subarray(start, end)
    },
  }
}

/** The same kind of file ten and a hundred times as large: a cost that is too small to see at one size is visible at another. */
export function threeSizes(name: string, bytes: number, make: (bytes: number) => HostileCase | Promise<HostileCase>): HostileCases {
  return Object.fromEntries([1, 10, 100].map((factor) => [`${name}, ${bytes * factor} bytes`, () => make(bytes * factor)]))
}
