import type { Source, SourceFile } from "../contract/source.ts"

/** What somebody wants to know about the reading of files. */
export interface FileWatch {
  /** Somebody waits for the digest of the file. */
  hashing(file: SourceFile): void
  /** Somebody begins to read the file from its start. */
  begin(file: SourceFile): void
  /** So many bytes of the file were read. */
  read(file: SourceFile, bytes: number): void
}

/** The source, whose files tell what is read of them. */
export function watchedSource(source: Source, watch: FileWatch): Source {
  // A file that is listed again stays the object that it was: the first one is kept at its version.
  const known = new WeakMap<SourceFile, SourceFile>()
  return {
    name: source.name,
    async *files(context) {
      for await (const file of source.files(context)) {
        const watched = known.get(file) ?? watchedFile(file, watch)
        known.set(file, watched)
        yield watched
      }
    },
  }
}

function watchedFile(file: SourceFile, watch: FileWatch): SourceFile {
  const { uri, version, sequence, size, rereadable, once, read, sha256 } = file
  return {
    uri,
    ...(version === undefined ? {} : { version }),
    ...(sequence === undefined ? {} : { sequence }),
    ...(size === undefined ? {} : { size }),
    ...(rereadable === undefined ? {} : { rereadable }),
    ...(once === undefined ? {} : { once }),
    async *stream(range, options) {
      if (range === undefined) watch.begin(file)
      for await (const chunk of file.stream(range, options)) {
        watch.read(file, chunk.length)
        yield chunk
      }
    },
    ...(read === undefined
      ? {}
      : {
          async read(start, end) {
            const bytes = await read.call(file, start, end)
            watch.read(file, bytes.length)
            return bytes
          },
        }),
    ...(sha256 === undefined
      ? {}
      : {
          async sha256() {
            watch.hashing(file)
            return await sha256.call(file)
          },
        }),
  }
}
