import type { Sink } from "../contract/sink.ts"
import type { ColumnSpec } from "../model/column-spec.ts"

/** A row that the contract writes. */
export interface ContractRow {
  readonly [column: string]: string | number | boolean | Date | null
}

/** A sink and its empty target. */
export interface SinkUnderTest {
  /** The sink. */
  readonly sink: Sink<ContractRow>
  /**
   * Returns what a reader of the target sees now, in any order. Values may have the target's types: numbers, booleans and instants as text are
   * converted to the kind of their column.
   */
  rows(): Iterable<object> | Promise<Iterable<object>>
  /** Removes the target after its case. */
  remove?(): Promise<void>
}

/** Options of `sinkContract`. */
export interface SinkContractOptions {
  /** Makes an empty target with these columns and a sink that adds rows to it. It is called once for each case. */
  create(columns: readonly ColumnSpec[]): SinkUnderTest | Promise<SinkUnderTest>
  /** The sink's own `delivery`. With `"once"`, the same bytes are delivered again and must not be loaded twice. Default: `"at-least-once"`. */
  readonly delivery?: "once" | "at-least-once" | undefined
  /** When rows appear: with the `"commit"` of their delivery (default), or with the `"close"` that ends a run. */
  readonly visible?: "commit" | "close" | undefined
  /** Whether `rows` can be called during a delivery. Default: true. Use false for an embedded database with a single connection. */
  readonly readMeanwhile?: boolean | undefined
}
