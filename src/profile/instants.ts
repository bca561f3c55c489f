import { dayMs } from "../cells/civil-date.ts"
import { DayCounts, type DayCountsState } from "../sketch/day-counts.ts"
import { Extremes } from "./extremes.ts"

/** An `Instants` as plain JSON. */
export interface InstantsState {
  readonly days: DayCountsState
  readonly range: readonly number[]
}

/** Instants, for their range to the millisecond and their quantiles to the day. */
export class Instants {
  readonly days: DayCounts
  readonly range: Extremes

  constructor(days: DayCounts = new DayCounts(), range: Extremes = new Extremes()) {
    this.days = days
    this.range = range
  }

  add(ms: number, times: number): void {
    if (Number.isNaN(ms)) return
    this.days.add(Math.floor(ms / dayMs), times)
    this.range.add(ms)
  }

  merge(other: Instants): void {
    this.days.merge(other.days)
    this.range.merge(other.range)
  }

  state(): InstantsState {
    return { days: this.days.state(), range: this.range.state() }
  }

  static from({ days, range }: InstantsState): Instants {
    return new Instants(DayCounts.from(days), Extremes.from(range))
  }
}
