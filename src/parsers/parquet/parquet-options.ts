import type { OptionSpec } from "../../options/option-kind.ts"
import { type ParquetLimits, parquetLimitsKind } from "./parquet-limits.ts"

/** Options of `parquet`. */
export interface ParquetOptions {
  /** Limits of the file. Beyond one, reading fails with `LIMIT_EXCEEDED`. */
  readonly limits?: ParquetLimits | undefined
}

/** What the options of `parquet` take. */
export const parquetOptionSpec: OptionSpec<ParquetOptions> = { limits: parquetLimitsKind() }
