import type { Batches } from "../model/batch.ts"
import type { Context } from "./context.ts"

/** Batches in, batches out. Any async generator function is one. */
export interface Stage<in In, out Out> {
  (batches: Batches<In>, context: Context): Batches<Out>
  /** For messages; a function's own name will do. */
  readonly name: string
  /** Recorded with every delivery: raise it when the stage gives other rows. */
  readonly version?: string | undefined
}
