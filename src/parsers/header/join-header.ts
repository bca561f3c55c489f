import type { CellValue } from "../../model/cell-value.ts"

/**
 * Joins several header rows into one: the cells of each column from the top down, separated by spaces.
 *
 * In all rows but the last, a cell extends to the right over blank cells, as a merged cell does when it is saved as text. It ends at the next
 * cell, or where the row above has a different cell. A cell that the one below repeats and completes is left out.
 */
export function joinHeader(rows: readonly (readonly CellValue[])[]): (string | null)[] {
  const width = rows.reduce((widest, row) => Math.max(widest, row.length), 0)
  const spread: string[][] = []
  rows.forEach((row, at) => {
    const above = spread[at - 1]
    const texts: string[] = []
    for (let j = 0; j < width; j++) {
      const own = headerText(row[j] ?? null)
      const reaches = at < rows.length - 1 && own === "" && j > 0 && (above === undefined || above[j] === above[j - 1])
      texts.push(reaches ? (texts[j - 1] ?? "") : own)
    }
    spread.push(texts)
  })
  return Array.from({ length: width }, (_, j) => {
    const parts = spread.map((texts) => texts[j] ?? "").filter((text, at, all) => isPart(text, all[at - 1], all[at + 1]))
    return parts.length === 0 ? null : parts.join(" ")
  })
}

/** A dash below a name stands for no unit. */
function isPart(text: string, above: string | undefined, below: string | undefined): boolean {
  const isDash = above !== undefined && ["-", "–", "—"].includes(text)
  return text !== "" && !isDash && text !== above && below?.startsWith(`${text} `) !== true
}

/** The text of a cell as a header. */
export function headerText(value: CellValue): string {
  if (value instanceof Date) return value.toISOString().replace("T00:00:00.000Z", "")
  return value === null ? "" : String(value).trim()
}
