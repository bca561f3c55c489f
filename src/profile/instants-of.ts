import type { CellFacts } from "./cell-facts.ts"
import type { Instants } from "./instants.ts"
import { cellTypes } from "./text-type.ts"

/** All dates of a column whose names of months are in this language. Dates such as 03/04/2025 are among them if some of them prove the order of day and month, and none proves the other. */
export function instantsOf({ types, instants, dayFirst, monthFirst, named }: CellFacts, language = "en"): Instants {
  const all = named.readAs(language)
  all.merge(instants)
  const dates = (types[cellTypes.indexOf("date")] ?? 0) + (types[cellTypes.indexOf("timestamp")] ?? 0)
  const inDoubt = dates - instants.days.count
  const isDayFirst = dayFirst.days.count === inDoubt
  const isMonthFirst = monthFirst.days.count === inDoubt
  if (isDayFirst && !isMonthFirst) all.merge(dayFirst)
  if (isMonthFirst && !isDayFirst) all.merge(monthFirst)
  return all
}
