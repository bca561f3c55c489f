import type { Source } from "../../contract/source.ts"
import { bytes } from "../../sources/bytes.ts"
import { file } from "../../sources/file.ts"

/** The source that a path, a URL or bytes stand for. */
export function sourceOf(source: Source | string | URL | Uint8Array): Source {
  if (source instanceof Uint8Array) return bytes(source)
  return typeof source === "string" || source instanceof URL ? file(source) : source
}
