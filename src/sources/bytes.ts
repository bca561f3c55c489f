import type { ByteRange, Source, SourceFile } from "../contract/source.ts"
import { checkArgument } from "../options/check-argument.ts"
import { checkOptions } from "../options/check-options.ts"
import type { OptionKind } from "../options/option-kind.ts"
import { anyText, either, kind, text } from "../options/option-kinds.ts"

/** Options of `bytes`. */
export interface BytesOptions {
  /** Name of the bytes in origins and reports. Default: `"bytes"`. */
  readonly name?: string | undefined
}

function bytesKind(): OptionKind<Uint8Array> {
  return kind("a Uint8Array", (value) => value instanceof Uint8Array)
}

const chunkBytes = 512 * 1024

/**
 * Reads one file in memory. Pass its bytes, or a string, which is encoded as UTF-8. Do not change the bytes while they are read.
 *
 * @example
 * ```ts run
 * import { bytes, createPipeline } from "rowgate"
 *
 * const orders = createPipeline({ name: "orders" }).from(bytes("id,town\n17,Ulm\n", { name: "orders.csv" }))
 * for await (const order of orders.rows()) console.log(order) // => { id: '17', town: 'Ulm' }
 * ```
 */
export function bytes(content: Uint8Array | string, options: BytesOptions = {}): Source {
  checkArgument("bytes()", content, either(anyText(), bytesKind()))
  checkOptions("bytes()", options, { name: text() })
  const held = typeof content === "string" ? Buffer.from(content) : content
  const file: SourceFile = {
    uri: options.name ?? "bytes",
    size: held.length,
    rereadable: true,
    async *stream({ start = 0, end = held.length }: ByteRange = { start: 0 }) {
      const last = Math.min(end, held.length)
      for (let at = start; at < last; at += chunkBytes) yield held.subarray(at, Math.min(at + chunkBytes, last))
    },
    async read(start, end) {
      return held.subarray(start, end)
    },
  }
  return {
    name: "bytes",
    async *files({ signal }) {
      signal.throwIfAborted()
      yield file
    },
  }
}
