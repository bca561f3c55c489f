import type { ColumnEvidence } from "./column-evidence.ts"
import { proposedColumn, provenSign } from "./column-findings.ts"
import type { LocaleHabits } from "./locale-habits.ts"
import type { ProposedColumn } from "./proposal.ts"

/**
 * Decides what the columns of a table are. What a column leaves open, the habits of a locale decide. Without them, the decimal sign that some columns
 * prove decides for the others, unless two columns contradict each other.
 */
export function proposedColumns(
  evidence: readonly (readonly [name: string, evidence: ColumnEvidence])[],
  habits?: LocaleHabits,
): readonly ProposedColumn[] {
  const signs = new Set(evidence.map(([, known]) => provenSign(known)).filter((sign) => sign !== undefined))
  const sign = habits?.sign ?? (signs.size === 1 ? [...signs][0] : undefined)
  return evidence.map(([name, known]) => proposedColumn(name, known, { sign, order: habits?.order }))
}
