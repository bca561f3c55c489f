import type { StageDeclaration } from "../../contract/rule.ts"
import type { Stage } from "../../contract/stage.ts"
import type { CellError } from "../../model/cell-error.ts"
import type { OneRow } from "../../validate/validate.ts"

/** Names the declared columns that can never satisfy the schema. It ignores nulls, because the run rejects them. */
export type Fits<T, In> = OneRow<In> & ([Clash<T, In>] extends [never] ? unknown : { readonly [K in Clash<T, In>]: never })

/**
 * A stage as `.pipe` accepts it: the compiler compares its schema with the columns, as for `.validate`. Without `declares` here, it could not infer
 * the row type of a stage that is created in the call.
 */
export type FittingStage<T, U, In> = Stage<T, U> & {
  readonly accepts?: In
  readonly declares?: StageDeclaration
} & Fits<T, NoInfer<In>>

/** A stage that may come after others, unlike `stage.normalize`. */
export type LaterStage = { readonly declares?: StageDeclaration & { readonly normalizes?: "normalize before any other stage" } }

type Clash<T, In> = {
  [K in keyof T & keyof In & string]: Overlaps<NonNullable<T[K]>, NonNullable<In[K]>> extends true
    ? never
    : `column '${K}' is ${KindName<T[K]>} after normalize, the schema wants ${KindName<In[K]>}`
}[keyof T & keyof In & string]

/** The name of a type in messages. The tuples keep a union from being distributed: it is one kind, or "another type". */
type KindName<V> = [NonNullable<V>] extends [string]
  ? "text"
  : [NonNullable<V>] extends [number]
    ? "a number"
    : [NonNullable<V>] extends [boolean]
      ? "a boolean"
      : [NonNullable<V>] extends [Date]
        ? "a Date"
        : "another type"

/** Only a cell that no normalizer has read may be an error. It may be anything, in JSON also an object or a list. */
type Overlaps<A, B> = [Extract<A, B | CellError> | Extract<B, A>] extends [never] ? false : true
