import type { SharedStrings } from "./shared-strings.ts"
import type { TextArena } from "./text-arena.ts"

/** Long shared strings that were copied to the texts of a batch. Each is copied once, even if many columns have it. */
export class CopiedStrings {
  /** Where each string begins. */
  readonly #starts = new Map<number, number>()

  /** The place of a shared string in the arena. Appends the string if it is not there yet. */
  copy(id: number, strings: SharedStrings, arena: TextArena): number {
    const isLong = strings.isLong(id)
    const known = isLong ? this.#starts.get(id) : undefined
    if (known !== undefined) return known
    const start = arena.length
    strings.copyTo(arena, id)
    if (isLong) this.#starts.set(id, start)
    return start
  }

  /** Forgets the strings when the arena is emptied. */
  clear(): void {
    if (this.#starts.size > 0) this.#starts.clear()
  }
}
