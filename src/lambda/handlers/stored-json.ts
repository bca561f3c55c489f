import type { Storage } from "../../contract/storage.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"

/** Reads a short object that one of the functions wrote; undefined if there is none. */
export async function readBytes(storage: Storage, key: string, signal?: AbortSignal): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = []
  try {
    for await (const chunk of storage.read(key, { signal })) chunks.push(chunk)
  } catch (error) {
    if (error instanceof RowgateError && error.code === "SOURCE_NOT_FOUND") return undefined
    throw error
  }
  return Buffer.concat(chunks)
}

/** Reads a JSON object that one of the functions wrote; undefined if there is none. */
export async function readJson<T>(storage: Storage, key: string): Promise<T | undefined> {
  const bytes = await readBytes(storage, key)
  return bytes === undefined ? undefined : (JSON.parse(bytes.toString("utf8")) as T)
}

/** Writes a JSON object unless another call has. Resolves with whether it did. */
export async function writeJson(storage: Storage, key: string, value: unknown): Promise<boolean> {
  return (await storage.write(key, [Buffer.from(JSON.stringify(value))], { unlessExists: true })) !== undefined
}
