import { LogQuantiles, type LogQuantilesState } from "../sketch/log-quantiles.ts"
import { Extremes } from "./extremes.ts"

/** A `NumberSketch` as plain JSON. */
export interface NumberSketchState {
  readonly quantiles: LogQuantilesState
  readonly range: readonly number[]
}

/** Numbers, for their range and their quantiles. */
export class NumberSketch {
  readonly quantiles: LogQuantiles
  readonly range: Extremes

  constructor(quantiles: LogQuantiles = new LogQuantiles(), range: Extremes = new Extremes()) {
    this.quantiles = quantiles
    this.range = range
  }

  add(value: number, times: number): void {
    this.quantiles.add(value, times)
    this.range.add(value === 0 ? 0 : value)
  }

  merge(other: NumberSketch): void {
    this.quantiles.merge(other.quantiles)
    this.range.merge(other.range)
  }

  state(): NumberSketchState {
    return { quantiles: this.quantiles.state(), range: this.range.state() }
  }

  static from({ quantiles, range }: NumberSketchState): NumberSketch {
    return new NumberSketch(LogQuantiles.from(quantiles), Extremes.from(range))
  }
}
