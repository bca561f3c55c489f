import type { Batches } from "../model/batch.ts"
import type { Context } from "./context.ts"

/** Turns batches into batches. Any async generator function of this shape is a stage. */
export interface Stage<in In, out Out> {
  (batches: Batches<In>, context: Context): Batches<Out>
  /** A name for messages; a function has one. */
  readonly name: string
}
