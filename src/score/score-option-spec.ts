import { dimensions } from "../model/dimension.ts"
import { driftKinds } from "../model/drift.ts"
import type { OptionSpec } from "../options/option-kind.ts"
import { either, flag, keyed, kind, list, needed, number, oneOf, options, position, record, text } from "../options/option-kinds.ts"
import { gates } from "./gate.ts"
import type { DriftOptions, ScoreOptions, TimelinessOptions } from "./score-options.ts"

type AnyColumns = { readonly [column: string]: unknown }

/** What the option `weights` of `score` and of `run` takes. */
export const weightsKind = keyed(dimensions, number(0))

const aboveZero = kind<number>("a number above 0", (value) => typeof value === "number" && value > 0 && Number.isFinite(value))

/** What the options of `score` take. */
export const scoreOptionSpec: OptionSpec<ScoreOptions<AnyColumns>> = {
  weights: weightsKind,
  criticality: record(number(0), "an object with a number from 0 for each column"),
  expected: list(text(), "a list of column names"),
  timeliness: options<TimelinessOptions<AnyColumns>>({
    column: needed(text("the name of a column")),
    slaDays: number(0),
    halfLifeDays: aboveZero,
  }),
  provisional: flag(),
  minimum: keyed(gates, number(0, 100)),
  drift: either(
    oneOf(false),
    options<DriftOptions>({
      deliveries: position(),
      least: position(3),
      psi: aboveZero,
      refuse: either(flag(), list(oneOf(...driftKinds), "a list of kinds of drift")),
    }),
  ),
}
