import type { ByteRange, Source, SourceFile } from "../contract/source.ts"

/** A `Blob` or `File`, such as an upload from a form. It is read in ranges, so rowgate holds no copy of it. */
export function blob(content: Blob, name: string | undefined): Source {
  const file: SourceFile = {
    uri: name ?? nameOf(content) ?? "blob",
    size: content.size,
    ...("lastModified" in content && typeof content.lastModified === "number" ? { modifiedAt: new Date(content.lastModified) } : {}),
    rereadable: true,
    async *stream({ start = 0, end = content.size }: ByteRange = { start: 0 }) {
      yield* content.slice(start, end).stream()
    },
    async read(start, end) {
      return new Uint8Array(await content.slice(start, end).arrayBuffer())
    },
  }
  return {
    name: "blob",
    async *files({ signal }) {
      signal.throwIfAborted()
      yield file
    },
  }
}

function nameOf(content: Blob): string | undefined {
  return "name" in content && typeof content.name === "string" && content.name !== "" ? content.name : undefined
}
