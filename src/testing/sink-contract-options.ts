import type { Sink } from "../contract/sink.ts"
import type { ColumnSpec } from "../model/column-spec.ts"

/** A row as the contract writes it. */
export interface ContractRow {
  readonly [column: string]: string | number | boolean | Date | null
}

/** A sink over an empty target of its own. */
export interface SinkUnderTest {
  /** The sink. */
  readonly sink: Sink<ContractRow>
  /**
   * What a reader of the target sees now, in any order. Values may come as the target has them: numbers, booleans and instants as text are
   * read by the kind of their column.
   */
  rows(): Iterable<object> | Promise<Iterable<object>>
  /** Removes the target when its case is over. */
  remove?(): Promise<void>
}

/** Options of `sinkContract`. */
export interface SinkContractOptions {
  /** Makes an empty target with these columns and a sink into it that adds rows. Called once for each case. */
  create(columns: readonly ColumnSpec[]): SinkUnderTest | Promise<SinkUnderTest>
  /** What the sink says of itself. With `"once"`, the same bytes are brought again and may be loaded once only. Default `"at-least-once"`. */
  readonly delivery?: "once" | "at-least-once" | undefined
  /** When rows show: with the `"commit"` of their delivery (default), or with the `"close"` that ends a run. */
  readonly visible?: "commit" | "close" | undefined
  /** Whether `rows` can be asked while a delivery is under way. Default true; false for an embedded database of one connection. */
  readonly readMeanwhile?: boolean | undefined
}
