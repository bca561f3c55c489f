import type { StageDeclaration } from "../../contract/rule.ts"
import type { Stage } from "../../contract/stage.ts"
import type { OneRow } from "../../validate/validate.ts"

/** Says which declared column can never satisfy the schema. Nulls are left to the run: they are rejects. */
export type Fits<T, In> = OneRow<In> & ([Clash<T, In>] extends [never] ? unknown : { readonly [K in Clash<T, In>]: never })

/**
 * A stage as `.pipe` takes it: its schema is held against the columns, as by `.validate`. Without `declares` in it the compiler would not
 * see that a stage made in the call is one of these rows.
 */
export type FittingStage<T, U, In> = Stage<T, U> & {
  readonly accepts?: In
  readonly declares?: StageDeclaration
} & Fits<T, NoInfer<In>>

/** A stage that may come after others: `stage.normalize` may not. */
export type LaterStage = { readonly declares?: StageDeclaration & { readonly normalizes?: "normalize before any other stage" } }

type Clash<T, In> = {
  [K in keyof T & keyof In & string]: Overlaps<NonNullable<T[K]>, NonNullable<In[K]>> extends true
    ? never
    : `column '${K}' is ${KindName<T[K]>} after normalize, the schema wants ${KindName<In[K]>}`
}[keyof T & keyof In & string]

/** One word for a type, not distributed: a union is one kind or "another type". */
type KindName<V> = [NonNullable<V>] extends [string]
  ? "text"
  : [NonNullable<V>] extends [number]
    ? "a number"
    : [NonNullable<V>] extends [boolean]
      ? "a boolean"
      : [NonNullable<V>] extends [Date]
        ? "a Date"
        : "another type"

type Overlaps<A, B> = [Extract<A, B> | Extract<B, A>] extends [never] ? false : true
