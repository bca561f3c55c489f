/** The least and the greatest of some numbers. */
export class Extremes {
  least = Number.POSITIVE_INFINITY
  greatest = Number.NEGATIVE_INFINITY

  add(value: number): void {
    if (value < this.least) this.least = value
    if (value > this.greatest) this.greatest = value
  }

  merge({ least, greatest }: Extremes): void {
    if (least < this.least) this.least = least
    if (greatest > this.greatest) this.greatest = greatest
  }

  /** Empty if nothing was added, as JSON has no infinity. */
  state(): readonly number[] {
    return this.least > this.greatest ? [] : [this.least, this.greatest]
  }

  static from(state: readonly number[]): Extremes {
    const extremes = new Extremes()
    for (const value of state) extremes.add(value)
    return extremes
  }
}
