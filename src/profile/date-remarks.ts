import type { ColumnRemark } from "./proposal.ts"
import { remark } from "./remark.ts"
import { Tally } from "./tally.ts"

/** Dates of a column that are written alike. */
export interface DateSort {
  readonly tally: Tally
  readonly hasTime: boolean
  /** As `+02:00`; undefined without one. */
  readonly offset: string | undefined
  readonly isShort: boolean
}

/** What else is known about the dates of a column. */
interface OtherDates {
  /** Times that the file stores as such: they have no offset. Dates that it stores as such are often times at midnight. */
  readonly typed: Tally
  readonly farAhead: Tally
  /** The first of the hundred years that years of two digits stand for. */
  readonly pivot: number
}

const mostOffsets = 3

/** What dates leave open, and how they are read. */
export function dateRemarks(sorts: readonly DateSort[], { typed, farAhead, pivot }: OtherDates): readonly ColumnRemark[] {
  const those = (test: (sort: DateSort) => boolean) => Tally.sum(sorts.filter(test).map(({ tally }) => tally))
  const days = those(({ hasTime }) => !hasTime)
  const times = those(({ hasTime }) => hasTime)
  const withOffset = those(({ offset }) => offset !== undefined)
  const without = Tally.sum([those(({ hasTime, offset }) => hasTime && offset === undefined), typed])
  const offsets = [...new Set(sorts.flatMap(({ offset, tally }) => (offset === undefined || tally.count === 0 ? [] : [offset])))].sort()
  const short = those(({ isShort }) => isShort)
  const local = withOffset.count > 0 ? new Tally() : times
  return [
    ...(local.count > 0 ? [remark("The times have no offset from UTC and are read as UTC.", [["without an offset", local]])] : []),
    ...(withOffset.count > 0 && without.count > 0
      ? [
          remark("Only some times have an offset from UTC; the others are read as UTC.", [
            ["without an offset", without],
            ["with one", withOffset],
          ]),
        ]
      : []),
    ...(offsets.length > 1
      ? [
          remark(
            "The times have several offsets from UTC; they are kept as instants, without the local time.",
            offsets.slice(0, mostOffsets).map((each) => [`with ${each}`, those(({ offset }) => offset === each)]),
          ),
        ]
      : []),
    ...(days.count > 0 && times.count > 0
      ? [
          remark("Some dates have no time and are read as midnight.", [
            ["without a time", days],
            ["with one", times],
          ]),
        ]
      : []),
    ...(short.count > 0
      ? [remark(`Years of two digits are read as ${pivot} to ${pivot + 99}.`, [["with a year of two digits", short]])]
      : []),
    ...(farAhead.count > 0
      ? [
          remark("Some dates are more than 100 years ahead; years of another calendar, such as 2568 for 2025, are not converted.", [
            ["far ahead", farAhead],
          ]),
        ]
      : []),
  ]
}
