import { createHash } from "node:crypto"
import type { Storage, StoredObject } from "../src/contract/storage.ts"
import { RowgateError } from "../src/errors/rowgate-error.ts"

/** A storage in memory. */
export interface MemoryStorage extends Storage {
  /** The contents by key. Put or delete entries to prepare a test. */
  readonly objects: Map<string, { readonly bytes: Buffer; readonly modifiedAt: Date }>
}

/** Makes an empty storage. `now` is its clock. */
export function memoryStorage(now: () => Date = () => new Date()): MemoryStorage {
  const objects: MemoryStorage["objects"] = new Map()
  const described = (key: string): StoredObject | undefined => {
    const found = objects.get(key)
    if (found === undefined) return undefined
    const { bytes, modifiedAt } = found
    return { key, size: bytes.length, etag: createHash("md5").update(bytes).digest("hex"), modifiedAt }
  }
  return {
    name: "memory",
    objects,
    async *read(key, { start = 0, end, etag, signal } = {}) {
      signal?.throwIfAborted()
      const bytes = objects.get(key)?.bytes
      if (bytes === undefined) throw new RowgateError({ code: "SOURCE_NOT_FOUND", message: `${key} does not exist.` })
      if (etag !== undefined && etag !== described(key)?.etag)
        throw new RowgateError({ code: "SOURCE_CHANGED", message: `${key} was replaced.`, retryable: true })
      yield Uint8Array.from(bytes.subarray(start, end))
    },
    async write(key, bytes, { unlessExists = false, signal } = {}) {
      const parts: Uint8Array[] = []
      for await (const part of bytes) parts.push(Uint8Array.from(part))
      signal?.throwIfAborted()
      if (unlessExists && objects.has(key)) return undefined
      objects.set(key, { bytes: Buffer.concat(parts), modifiedAt: now() })
      return described(key)
    },
    stat: async (key) => described(key),
    async *list(prefix, { after } = {}) {
      const keys = [...objects.keys()].filter((key) => key.startsWith(prefix))
      // In the order of their bytes, as a bucket has them. UTF-16 sorts characters outside the basic plane elsewhere.
      keys.sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
      for (const key of keys) {
        const object = described(key)
        const isAfter = after === undefined || Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0
        if (object !== undefined && isAfter) yield object
      }
    },
    async remove(key) {
      objects.delete(key)
    },
  }
}
