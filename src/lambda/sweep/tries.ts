import { createHash } from "node:crypto"
import type { Storage } from "../../contract/storage.ts"
import type { SweptFile } from "./sweep-ledger.ts"

/** How often the delivery of an object was started by the sweeper. */
export interface TriesSoFar {
  readonly count: number
  /** When the last of them began. */
  readonly lastAt: Date | undefined
}

/**
 * Counts the tries for each object: one small object a try, which is created only if it does not exist. So two sweepers never count
 * the same try, and a counter can neither be lost nor go back.
 */
export class Tries {
  readonly #storage: Storage
  readonly #root: string

  constructor(storage: Storage, root: string) {
    this.#storage = storage
    this.#root = root
  }

  async of(file: SweptFile): Promise<TriesSoFar> {
    let count = 0
    let lastAt: Date | undefined
    for await (const { modifiedAt } of this.#storage.list(this.#folderOf(file))) {
      count++
      if (modifiedAt !== undefined && (lastAt === undefined || modifiedAt > lastAt)) lastAt = modifiedAt
    }
    return { count, lastAt }
  }

  /** Counts a try before it begins. Returns false if somebody else has just begun it. */
  async begin(file: SweptFile, number: number, now: Date): Promise<boolean> {
    const text = JSON.stringify({ ...file, try: number, at: now.toISOString() })
    return (await this.#storage.write(this.#keyOf(file, number), [Buffer.from(text)], { unlessExists: true })) !== undefined
  }

  /** Takes back a try that did not take place. */
  async withdraw(file: SweptFile, number: number): Promise<void> {
    await this.#storage.remove(this.#keyOf(file, number))
  }

  async forget(file: SweptFile): Promise<void> {
    for await (const { key } of this.#storage.list(this.#folderOf(file))) await this.#storage.remove(key)
  }

  /** Forgets tries that began before an instant. */
  async prune(before: Date): Promise<void> {
    for await (const { key, modifiedAt } of this.#storage.list(this.#root))
      if (modifiedAt !== undefined && modifiedAt < before) await this.#storage.remove(key)
  }

  #keyOf(file: SweptFile, number: number): string {
    return `${this.#folderOf(file)}${String(number).padStart(4, "0")}.json`
  }

  #folderOf(file: SweptFile): string {
    return `${this.#root}${fileId(file)}/`
  }
}

/** A name for a version of an object, the same in each call. */
export function fileId({ uri, version = "" }: SweptFile): string {
  return createHash("sha256")
    .update(JSON.stringify([uri, version]))
    .digest("hex")
    .slice(0, 32)
}
