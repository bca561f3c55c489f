/** How often each of the most frequent keys occurs, and all others together. */
export interface Frequencies<K> {
  /** Keys with their weights, the heaviest first. */
  readonly counts: readonly (readonly [key: K, weight: number])[]
  /** The weight of all others. */
  readonly other: number
}

/** Numbers, or dates as milliseconds, counted in buckets that grow with their values. */
export interface NumberBuckets {
  /** How many times neighbouring buckets were joined. */
  readonly shift: number
  /** For each bucket, its distance from the one before and its weight, one after another. */
  readonly buckets: readonly number[]
}

/** What a sample of the cells of a column is like. A sampled row weighs as much as the rows that it stands for. */
export interface ColumnSample {
  /** The weights of the sampled cells with a value. */
  readonly weight: number
  /** The sum of their squares: `weight ** 2 / squares` is the size of a plain sample that says as much. */
  readonly squares: number
  /** Left out if the column has no numbers or dates. */
  readonly numbers?: NumberBuckets | undefined
  /** Texts by a hash of 32 bits. Left out if the column has no texts, or too many different ones. */
  readonly values?: Frequencies<number> | undefined
  /** Patterns of texts, such as `999-AAA`. Left out if the column has no texts, or too many patterns. */
  readonly patterns?: Frequencies<string> | undefined
}

/** What the ledger keeps of a column, to compare later deliveries with it. Plain JSON of at most 2 kB; no text of the file is in it. */
export interface ColumnProfile {
  /** Its name in the rows. */
  readonly column: string
  /** How many rows passed. */
  readonly rows: number
  /** In how many of them the cell has no value. */
  readonly nulls: number
  /** How many different values the sample has, as an estimate. Left out for a redacted column. */
  readonly distinct?: number | undefined
  /** Left out for a redacted column. */
  readonly sample?: ColumnSample | undefined
}

/** A delivery that was loaded before into the same target. */
export interface EarlierDelivery {
  /** The id of the delivery. */
  readonly id: string
  /** When it ended. ISO 8601. */
  readonly finishedAt: string
  /** How many rows it read. */
  readonly read: number
  /** The hash of its ruleset; undefined if it has no score. */
  readonly ruleset?: string | undefined
  /** The weights of its score, as shares. */
  readonly weights?: { readonly [dimension: string]: number } | undefined
  /** Whether its score is provisional. */
  readonly provisional?: boolean | undefined
  /** Its columns; empty if none were profiled. */
  readonly columns: readonly ColumnProfile[]
}
