import { declarationOf, normalizes } from "../../contract/rule.ts"
import type { Stage } from "../../contract/stage.ts"
import type { AnyRow, Definition } from "../build/definition.ts"

type Stages = readonly Stage<AnyRow, AnyRow>[]

/** The stages of a definition by the function that runs them. */
export interface SplitStages {
  /** Everything up to the last stage that reads cells. */
  readonly normalizer: Stages
  /** What follows. */
  readonly validator: Stages
}

/** Which stages belong to the normalizer, and which to the validator. */
export function splitStages({ stages }: Definition): SplitStages {
  const last = stages.findLastIndex((stage) => normalizes(stage))
  return { normalizer: stages.slice(0, last + 1), validator: stages.slice(last + 1) }
}

/** The first stages that read cells or validate them. They settle how headers and dates are read, and ask nothing outside of the process. */
export function planningStages({ stages }: Definition): Stages {
  const end = stages.findIndex((stage) => !normalizes(stage) && declarationOf(stage)?.properties === undefined)
  return end < 0 ? stages : stages.slice(0, end)
}
