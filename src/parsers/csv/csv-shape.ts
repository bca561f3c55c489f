import type { Context } from "../../contract/context.ts"
import { planKey } from "../plan-key.ts"

/** How many fields a regular record has, and how many of them are columns. */
export interface CsvShape {
  readonly width: number
  readonly columns: number
}

/** The usual number of fields, from the number of records with each: `taken`, unless fewer than a third of the records have it. */
export function usualWidth(counts: ReadonlyMap<number, number>, taken: number): number {
  const records = [...counts.values()].reduce((sum, count) => sum + count, 0)
  return (counts.get(taken) ?? 0) * 3 >= records || records === 0
    ? Math.max(1, taken)
    : [...counts].reduce((most, one) => (one[1] > most[1] ? one : most))[0]
}

/** The shape that an earlier reading found in a file. */
export function knownShape({ plan }: Context, uri: string): CsvShape | undefined {
  const shape = plan?.dialect(planKey(uri))?.["width"]
  if (typeof shape !== "object" || shape === null || !("fields" in shape && "columns" in shape)) return undefined
  return { width: Number(shape.fields), columns: Number(shape.columns) }
}

/** Contradicts the plan because the rows have a different shape than the sample. */
export function learnShape({ plan }: Context, uri: string, { width, columns }: CsvShape): void {
  plan?.contradict({ dialects: { [planKey(uri)]: { width: { fields: width, columns } } } })
}
