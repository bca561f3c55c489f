import type { CheckStates, KeyRows } from "../../contract/check-states.ts"
import { PartKeys } from "../../sketch/part-keys.ts"
import { decodeState, encodeState, joinStates } from "./state-value.ts"
import { encodeStates, openStates, type SavedState, type StateEntry, type StateForm } from "./states-file.ts"

/**
 * The states of the checks in one part of a file. Pass it to the stages of the part as `states` of the context, and take what the checks remember
 * with `export` after the last batch.
 */
export class PartStates implements CheckStates {
  readonly #known: ReadonlyMap<string, Uint8Array>
  readonly #begun: (StateEntry & { readonly save: () => SavedState })[] = []

  private constructor(known: ReadonlyMap<string, Uint8Array>) {
    this.#known = known
  }

  /** `knowledge` is what `mergeStates` returned for the part; undefined in the first round. Throws `FILE_CORRUPT` if it is damaged. */
  static async of(knowledge?: Uint8Array): Promise<PartStates> {
    return new PartStates(await readKnowledge(knowledge, "the part"))
  }

  beginKeys(rule: string): KeyRows {
    const repeated = this.#begin(rule, "keys", () => {
      const { entries, buckets } = keys.grouped()
      return { bytes: new Uint8Array(entries.buffer), rows: keys.rows, buckets }
    })
    const keys = new PartKeys(repeated)
    return keys
  }

  beginState(rule: string, own: unknown, merges: boolean): unknown {
    if (!merges) {
      this.#begin(rule, "unmergeable", () => ({ bytes: new Uint8Array(0) }))
      return undefined
    }
    const begun = encodeState(rule, own)
    const known = this.#begin(rule, "merged", () => ({ bytes: joinStates(begun, encodeState(rule, own)) }))
    return known && decodeState(known)
  }

  /**
   * The bytes of all states, for `mergeStates`. Call it once, after the last batch. Throws `PIPELINE_INVALID` if the state of a check does not
   * consist of plain values.
   */
  async export(): Promise<Uint8Array> {
    return encodeStates(this.#begun.map(({ rule, nth, form, save }) => ({ rule, nth, form, ...save() })))
  }

  /** Notes what to save, and returns what earlier parts know. */
  #begin(rule: string, form: StateForm, save: () => SavedState): Uint8Array | undefined {
    const nth = this.#begun.filter((each) => each.rule === rule).length
    this.#begun.push({ rule, nth, form, save })
    return this.#known.get(entryKey({ rule, nth, form }))
  }
}

/** Identifies a check in every part. */
export function entryKey({ rule, nth, form }: StateEntry): string {
  return `${form} ${nth} ${rule}`
}

/** What a part was told about the parts before it, by check. */
export async function readKnowledge(bytes: Uint8Array | undefined, name: string): Promise<ReadonlyMap<string, Uint8Array>> {
  if (bytes === undefined) return new Map()
  const file = { size: bytes.length, read: async (start: number, end: number) => bytes.subarray(start, end) }
  const sections = await openStates(file, name)
  return new Map(sections.map((section) => [entryKey(section), bytes.subarray(section.start, section.end)]))
}
