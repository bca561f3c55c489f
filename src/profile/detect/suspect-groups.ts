import { detectThresholds as limits } from "./detect-thresholds.ts"
import type { SuspectReason } from "./suspicion.ts"
import type { FoundSuspect } from "./table-model.ts"

/** The suspect cells of a column that have the same strongest reason. */
export interface SuspectGroup {
  readonly column: string
  readonly reason: SuspectReason
  readonly cells: readonly FoundSuspect[]
}

/**
 * The suspect cells by column and reason, without those that are often right. Empty cells are left out: without a contract, nobody knows which columns must be filled, and
 * a column is the more likely to be optional the more of its cells are empty.
 */
export function suspectGroups(suspects: Iterable<FoundSuspect>): readonly SuspectGroup[] {
  const groups = new Map<string, { readonly column: string; readonly reason: SuspectReason; readonly cells: FoundSuspect[] }>()
  for (const suspect of suspects) {
    const reason = suspect.reasons[0]?.reason ?? "empty"
    if (reason === "empty") continue
    const key = `${reason} ${suspect.column}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { column: suspect.column, reason, cells: [suspect] })
    else group.cells.push(suspect)
  }
  return [...groups.values()].filter(isClear)
}

function isClear({ reason, cells }: SuspectGroup): boolean {
  const most = cells.reduce((greatest, { suspicion }) => Math.max(greatest, suspicion), 0)
  const areSeveral = cells.length >= limits.severalCells
  if (reason === "duplicate" && areSeveral) return true
  // Names that occur once are near each other by chance, so that only a frequent value that was probably meant makes several of them clear.
  if (reason === "typo" && cells.filter(({ reasons }) => reasons[0]?.expected !== undefined).length >= limits.severalCells) return true
  if (reason === "dependency" && !areSeveral) return most >= limits.clearContradiction
  return most >= limits.clearSuspicion
}
