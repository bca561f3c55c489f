import { ParquetFault } from "../parquet-fault.ts"

/** The error for invalid Zstandard data. */
export function damagedZstd(): ParquetFault {
  return new ParquetFault("a page has damaged zstd data")
}
