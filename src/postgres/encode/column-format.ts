/** Types that are also written in COPY's binary form; dates are days and timestamps microseconds since 2000. */
export type BinaryKind = "int2" | "int4" | "int8" | "float8" | "numeric" | "bool" | "date" | "timestamp" | "text"

/** How values must be written for a type of PostgreSQL. `"other"` takes any text and lets the server judge. */
export interface ColumnFormat {
  readonly kind: "integer" | "float" | "numeric" | "boolean" | "date" | "timestamp" | "text" | "json" | "bytea" | "array" | "other"
  /** Of an integer type. */
  readonly min?: number
  readonly max?: number
  /** Of `numeric`: whether the type says how many digits come after the point. */
  readonly hasScale?: boolean
  /** Undefined where values of the type are only written as text. */
  readonly binary?: BinaryKind | undefined
}

const integers: { readonly [type: string]: number } = { int2: 2 ** 15, int4: 2 ** 31, int8: 2 ** 63 }

const kinds: { readonly [type: string]: ColumnFormat["kind"] } = {
  float4: "float",
  float8: "float",
  numeric: "numeric",
  bool: "boolean",
  date: "date",
  timestamp: "timestamp",
  timestamptz: "timestamp",
  json: "json",
  jsonb: "json",
  bytea: "bytea",
}

const binaryKinds: { readonly [type: string]: BinaryKind } = {
  int2: "int2",
  int4: "int4",
  int8: "int8",
  float8: "float8",
  numeric: "numeric",
  bool: "bool",
  date: "date",
  timestamp: "timestamp",
  timestamptz: "timestamp",
  text: "text",
  varchar: "text",
  bpchar: "text",
}

/** The format of a base type by its name and category in the catalog `pg_type`, and the declared type as DDL writes it. */
export function columnFormat(type: string, category: string, declared = type): ColumnFormat {
  const bound = integers[type]
  const binary = binaryKinds[type]
  if (bound !== undefined) return { kind: "integer", min: -bound, max: bound - 1, binary }
  if (/^numeric\([\d,-]+\)$/.test(declared)) return { kind: "numeric", hasScale: true, binary }
  if (category === "A") return { kind: "array" }
  return { kind: kinds[type] ?? (category === "S" ? "text" : "other"), binary }
}
