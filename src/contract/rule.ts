import type { StandardSchemaV1 } from "@standard-schema/spec"
import type { ColumnSpec } from "../model/column-spec.ts"
import type { Dimension } from "../model/dimension.ts"
import type { JsonValue } from "../model/json-value.ts"
import type { DeclaredState } from "./check-states.ts"
import type { Stage } from "./stage.ts"

/** A rule, as the score needs to know it before the first value. Plain JSON. */
export interface Rule {
  /** Its name in issues and among the lost points. */
  readonly name: string
  /** The dimension that loses points. */
  readonly dimension: Dimension
  /** The columns whose cells it judges; empty if it judges the row as a whole. */
  readonly columns: readonly string[]
  /** What it requires, such as the bounds of a schema. It is part of the ruleset's hash. */
  readonly parameters?: JsonValue | undefined
  /** The least share of the rows that it judges that must pass, 0 to 1. */
  readonly mostly?: number | undefined
}

/** What a stage declares before it runs: its rules, and its output columns for given input columns. */
export interface StageDeclaration {
  /** The rules of the stage. */
  readonly rules: readonly Rule[]
  /** The columns that the stage's schema names, required or not. Undefined if it has no schema, or if its columns are unknown. */
  readonly properties?: readonly string[] | undefined
  /** Headers that a file may have for the stage's columns: their names and aliases. A parser takes them as evidence. Default: `properties`. */
  readonly headers?: readonly string[] | undefined
  /** Columns that may hold objects: those that are neither text nor a number, a date or a boolean. A parser does not take them apart. Default: none. */
  readonly nested?: readonly string[] | undefined
  /** The schemas that rows pass, for guides to people who fill in rows. Default: none. */
  readonly schemas?: readonly StandardSchemaV1[] | undefined
  /** Whether the stage tells an empty text from no value, and so needs to know which one the file has. Default: false. */
  readonly emptyIsNull?: boolean | undefined
  /** The output columns for given input columns; undefined if the stage cannot tell. */
  columns(given: readonly ColumnSpec[]): readonly ColumnSpec[] | undefined
  /**
   * True if the stage finishes with each batch before it requests the next one. If all stages do, a load reuses the memory of batches. Default
   * false.
   */
  readonly reuse?: boolean | undefined
  /**
   * On which rows the verdicts of the stage depend, one entry for each stage that it consists of. Default: one entry, `"passing"`. Scores of parts can be
   * merged if nothing but `"row"` and `"keys"` follows the first `"keys"`.
   */
  readonly depends?: readonly VerdictDependence[] | undefined
  /** The checks of the stage that remember rows and must tell the next part of a file about them. Default: none. */
  readonly states?: readonly DeclaredState[] | undefined
}

/**
 * On what a verdict about a row depends: on the row alone, on the keys of all rows, on whether the row passes so far, or on rows that a check remembers in
 * its own way.
 */
export type VerdictDependence = "row" | "keys" | "passing" | "remembered"

/** A stage with a declaration. All stages of the library have one. The score and table creation know nothing about a stage without one. */
export interface DeclaredStage<in In, out Out> extends Stage<In, Out> {
  /** What is known about the stage before it runs. */
  readonly declares: StageDeclaration
}

/** A stage that reads the cells of files. It must come before all other stages, because it turns cells into values. */
export interface NormalizingStage<in In, out Out> extends DeclaredStage<In, Out> {
  readonly declares: StageDeclaration & {
    /** Marks the stage as one that reads cells. */
    readonly normalizes: true
  }
}

/** Makes a stage from a generator function, a name and a declaration. */
export function declareStage<In, Out, Declared extends StageDeclaration = StageDeclaration>(
  name: string,
  declares: Declared,
  run: (...args: Parameters<Stage<In, Out>>) => ReturnType<Stage<In, Out>>,
): DeclaredStage<In, Out> & { readonly declares: Declared } {
  const stage = (...args: Parameters<Stage<In, Out>>) => run(...args)
  return Object.defineProperty(Object.assign(stage, { declares }), "name", { value: name })
}

/** Whether a stage reads cells, and must therefore come first. */
export function normalizes(stage: Stage<never, unknown>): boolean {
  const declares = declarationOf(stage)
  return declares !== undefined && "normalizes" in declares && declares.normalizes === true
}

/** The declaration of a stage, if it has one. */
export function declarationOf(stage: Stage<never, unknown>): StageDeclaration | undefined {
  return "declares" in stage ? (stage as DeclaredStage<never, unknown>).declares : undefined
}
