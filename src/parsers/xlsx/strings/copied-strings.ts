import type { SharedStrings } from "./shared-strings.ts"
import type { TextArena } from "./text-arena.ts"

/** Long shared strings that were copied to the texts of a batch. Each is copied once, however many columns have it. */
export class CopiedStrings {
  /** Where each begins. */
  readonly #starts = new Map<number, number>()

  /** Where a shared string stands in the arena; it is appended if it does not stand there yet. */
  copy(id: number, strings: SharedStrings, arena: TextArena): number {
    const isLong = strings.isLong(id)
    const known = isLong ? this.#starts.get(id) : undefined
    if (known !== undefined) return known
    const start = arena.length
    strings.copyTo(arena, id)
    if (isLong) this.#starts.set(id, start)
    return start
  }

  /** Forgets them, as the arena does. */
  clear(): void {
    if (this.#starts.size > 0) this.#starts.clear()
  }
}
