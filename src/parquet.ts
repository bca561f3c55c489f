export { parquet } from "./parsers/parquet/parquet.ts"
export type { ParquetLimits } from "./parsers/parquet/parquet-limits.ts"
export type { ParquetOptions } from "./parsers/parquet/parquet-options.ts"
