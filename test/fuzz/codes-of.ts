import type { Batch } from "../../src/model/batch.ts"

/** The codes of a row's issues, but for those about a footer: it is looked for in the last batch alone, so that they depend on where that begins. */
export function codesOf(batch: Batch<unknown>, row: number): string[] {
  return batch.issues.of(row).flatMap(({ code }) => (code.startsWith("table.") ? [] : [code]))
}
