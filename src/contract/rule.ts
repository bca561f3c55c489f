import type { ColumnSpec } from "../model/column-spec.ts"
import type { Dimension } from "../model/dimension.ts"
import type { Stage } from "./stage.ts"

/** A rule as the score must know it before it sees a value. Plain JSON. */
export interface Rule {
  /** Its name in issues and in lost points. */
  readonly name: string
  /** The dimension that it costs. */
  readonly dimension: Dimension
  /** Columns whose cells it judges; empty where it judges the row as one. */
  readonly columns: readonly string[]
}

/** What a stage says of itself before it runs: the rules it holds, and the columns that it makes of those it gets. */
export interface StageDeclaration {
  /** The rules that the stage holds. */
  readonly rules: readonly Rule[]
  /** Undefined where the stage cannot know. */
  columns(given: readonly ColumnSpec[]): readonly ColumnSpec[] | undefined
  /**
   * Whether the stage is done with each batch when it asks for the next one: where all stages are, a load fills the same memory again. Default
   * false.
   */
  readonly reuse?: boolean | undefined
}

/** A stage that declares itself. The library's own all do; any other is opaque to the score and to table creation. */
export interface DeclaredStage<in In, out Out> extends Stage<In, Out> {
  /** What is known of the stage before it runs. */
  readonly declares: StageDeclaration
}

/** A stage of a generator function, with a name and a declaration. */
export function declareStage<In, Out>(
  name: string,
  declares: StageDeclaration,
  run: (...args: Parameters<Stage<In, Out>>) => ReturnType<Stage<In, Out>>,
): DeclaredStage<In, Out> {
  const stage = (...args: Parameters<Stage<In, Out>>) => run(...args)
  return Object.defineProperty(Object.assign(stage, { declares }), "name", { value: name })
}

/** What a stage declares, if it does. */
export function declarationOf(stage: Stage<never, unknown>): StageDeclaration | undefined {
  return "declares" in stage ? (stage as DeclaredStage<never, unknown>).declares : undefined
}
