import type { Dimension } from "../model/dimension.ts"
import type { LostPoints, Scorecard } from "../model/scorecard.ts"

/** The most points that suspect cells cost: what is only likely never decides a score. */
const mostPoints = 20
/** Suspect cells cost what warnings do: half a cell, times how sure the suspicion is. */
const suspectLoss = 0.5

/** The suspect cells of one kind in a column. */
export interface SuspectSum {
  readonly column: string
  readonly reason: string
  readonly dimension: Dimension
  readonly cells: number
  /** The sum of their suspicions. */
  readonly suspicion: number
}

/**
 * A scorecard with the points that suspect cells cost, as a share of the cells of `rows` by `columns` that were searched. It leaves the dimensions as they are, so that it
 * never changes what was assessed.
 */
export function withSuspects(card: Scorecard, rows: number, columns: number, sums: readonly SuspectSum[]): Scorecard {
  const cells = sums.reduce((all, sum) => all + sum.cells, 0)
  const loss = (100 * suspectLoss) / Math.max(1, rows * columns)
  const all = sums.reduce((points, { suspicion }) => points + suspicion, 0) * loss
  const points = card.overall === null ? 0 : Math.min(all, mostPoints, card.overall)
  if (points === 0) return { ...card, suspected: { rows, cells, points } }
  const suspected = sums.map(
    ({ column, reason, dimension, cells: own, suspicion }): LostPoints => ({
      rule: `suspect.${reason}`,
      dimension,
      column,
      points: (suspicion * loss * points) / all,
      rows: own,
    }),
  )
  const lost = [...card.lost, ...suspected].sort((one, other) => other.points - one.points)
  const overall = Math.max(0, 100 - lost.reduce((sum, each) => sum + each.points, 0))
  return { ...card, overall, suspected: { rows, cells, points }, lost }
}
