import type { Context } from "../contract/context.ts"
import { checkArgument } from "../options/check-argument.ts"
import { fullList, having, text } from "../options/option-kinds.ts"
import type { KnownKeys } from "../validate/foreign-key.ts"

/** What `keysFrom` needs of a pipeline. */
export interface RowsOf<T> {
  /** Returns the rows that pass. */
  rows(options?: { readonly signal?: AbortSignal | undefined; readonly asOf?: Date | undefined }): AsyncIterable<T>
}

/**
 * The values of a column of another file, or of several columns, for `check.foreignKey`, `references` and `inList`. The file is read anew when each delivery
 * begins, as a stream. Rows that its own pipeline rejects do not count.
 */
export function keysFrom<T, const K extends keyof T & string>(pipeline: RowsOf<T>, column: K): KnownKeys<T[K] & {}>
export function keysFrom<T, const K extends keyof T & string>(
  pipeline: RowsOf<T>,
  columns: readonly [K, K, ...K[]],
): KnownKeys<readonly (T[K] | null)[]>
export function keysFrom<T, K extends keyof T & string>(pipeline: RowsOf<T>, columns: K | readonly K[]): KnownKeys<unknown> {
  checkArgument("The pipeline of keysFrom()", pipeline, having<RowsOf<T>>("a pipeline", "rows"), "PIPELINE_INVALID")
  if (typeof columns !== "string")
    checkArgument(
      "The second argument of keysFrom()",
      columns,
      fullList(text("the name of a column"), "the name of a column, or a list of names") as never,
      "PIPELINE_INVALID",
    )
  const names: readonly string[] = typeof columns === "string" ? [columns] : columns
  return {
    name: `the known values of ${names.join(", ")}`,
    async *keys({ signal, asOf }: Context) {
      for await (const row of pipeline.rows({ signal, asOf })) {
        const values = names.map((name) => (row as { readonly [name: string]: unknown })[name] ?? null)
        if (values.includes(null)) continue
        yield typeof columns === "string" ? values[0] : values
      }
    },
  }
}
