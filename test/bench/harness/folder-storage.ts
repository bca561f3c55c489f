import { createReadStream, createWriteStream } from "node:fs"
import { mkdir, readdir, rm, stat } from "node:fs/promises"
import { dirname, join } from "node:path"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import type { Storage } from "../../../src/contract/storage.ts"
import { RowgateError } from "../../../src/errors/rowgate-error.ts"

/** A storage of files, for one process. */
export function folderStorage(folder: string): Storage {
  const pathOf = (key: string) => join(folder, encodeURIComponent(key))
  const sizeOf = async (key: string): Promise<number | undefined> => {
    return (await stat(pathOf(key)).catch(() => undefined))?.size
  }
  return {
    name: "folder:",
    async *read(key, { start = 0, end } = {}) {
      if ((await sizeOf(key)) === undefined) throw new RowgateError({ code: "SOURCE_NOT_FOUND", message: `${key} does not exist.` })
      if (end !== undefined && end <= start) return
      yield* createReadStream(pathOf(key), { start, ...(end === undefined ? {} : { end: end - 1 }), highWaterMark: 1 << 18 })
    },
    async write(key, bytes, { unlessExists = false } = {}) {
      if (unlessExists && (await sizeOf(key)) !== undefined) return undefined
      await mkdir(dirname(pathOf(key)), { recursive: true })
      await pipeline(Readable.from(bytes), createWriteStream(pathOf(key)))
      return { key, size: (await sizeOf(key)) ?? 0 }
    },
    async stat(key) {
      const size = await sizeOf(key)
      return size === undefined ? undefined : { key, size }
    },
    async *list(prefix) {
      const keys = (await readdir(folder)).map(decodeURIComponent).filter((key) => key.startsWith(prefix))
      for (const key of keys.sort()) yield { key, size: (await sizeOf(key)) ?? 0 }
    },
    async remove(key) {
      await rm(pathOf(key), { force: true })
    },
  }
}
