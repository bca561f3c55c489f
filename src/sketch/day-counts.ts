const pageDays = 1024
/** 0001-01-01 and 9999-12-31, counted from 1970-01-01. */
const firstDay = -719_162
const lastDay = 2_932_896

/** A `DayCounts` as plain JSON: pairs of a day and a count, one after another. */
export type DayCountsState = readonly number[]

/**
 * How many dates fall on each day, for quantiles that are exact to the day. A relative error, as `LogQuantiles` has, means nothing for dates: they have no zero.
 *
 * Each page of 1,024 days (three years) takes 8 KiB. Dates outside of the years 1 to 9999 count on the nearest day within, so there are at most
 * 3,568 pages.
 */
export class DayCounts {
  readonly #pages = new Map<number, Float64Array>()
  #count = 0
  #number = Number.NaN
  #page: Float64Array = new Float64Array(0)

  /** How many dates were added. */
  get count(): number {
    return this.#count
  }

  /** Adds a day, counted from 1970-01-01, `times` times. */
  add(day: number, times = 1): void {
    const within = day < firstDay ? firstDay : day > lastDay ? lastDay : day
    const number = Math.floor(within / pageDays)
    if (number !== this.#number) this.#open(number)
    const at = within - number * pageDays
    this.#page[at] = (this.#page[at] as number) + times
    this.#count += times
  }

  merge(other: DayCounts): void {
    for (const [day, times] of other.#ascending()) this.add(day, times)
  }

  /** The day before which the share `q` of all dates lies: that of rank floor(q (n - 1)), from 0. Undefined if nothing was added. */
  quantile(q: number): number | undefined {
    let left = Math.floor(q * (this.#count - 1))
    for (const [day, times] of this.#ascending()) {
      if (left < times) return day
      left -= times
    }
    return undefined
  }

  /** How many dates fall on a day. */
  countOf(day: number): number {
    const number = Math.floor(day / pageDays)
    return this.#pages.get(number)?.[day - number * pageDays] ?? 0
  }

  state(): DayCountsState {
    return [...this.#ascending()].flat()
  }

  static from(state: DayCountsState): DayCounts {
    const counts = new DayCounts()
    for (let at = 0; at < state.length; at += 2) counts.add(state[at] ?? 0, state[at + 1])
    return counts
  }

  *#ascending(): Generator<[day: number, times: number]> {
    for (const [number, page] of [...this.#pages].sort(([one], [other]) => one - other))
      for (const [at, times] of page.entries()) if (times > 0) yield [number * pageDays + at, times]
  }

  #open(number: number): void {
    let page = this.#pages.get(number)
    if (page === undefined) {
      page = new Float64Array(pageDays)
      this.#pages.set(number, page)
    }
    this.#number = number
    this.#page = page
  }
}
