import type { LogicalType, SchemaElement } from "hyparquet"
import { convertedTypes, repetitions, types } from "./format-names.ts"
import type { ThriftReader } from "./thrift-reader.ts"

/** Reads an element of the schema (parquet-format, parquet.thrift, SchemaElement). */
export function readSchemaElement(thrift: ThriftReader): SchemaElement {
  const element: SchemaElement = { name: "" }
  thrift.struct((field, type) => {
    if (field === 4) element.name = thrift.text(type)
    else if (field === 10) element.logical_type = readLogicalType(thrift)
    else if (field <= 8) setNumber(element, field, thrift.number(type))
  })
  return element
}

/** Sets a property of an element. A number that has no meaning leaves the property unset. */
function setNumber(element: SchemaElement, field: number, value: number): void {
  const [type, repetition, converted] = [types[value], repetitions[value], convertedTypes[value]]
  if (field === 1 && type !== undefined) element.type = type
  if (field === 2) element.type_length = value
  if (field === 3 && repetition !== undefined) element.repetition_type = repetition
  if (field === 5) element.num_children = value
  if (field === 6 && converted !== undefined) element.converted_type = converted
  if (field === 7) element.scale = value
  if (field === 8) element.precision = value
}

const typesWithoutParameters: { readonly [field: number]: LogicalType } = {
  1: { type: "STRING" },
  2: { type: "MAP" },
  3: { type: "LIST" },
  4: { type: "ENUM" },
  6: { type: "DATE" },
  11: { type: "NULL" },
  12: { type: "JSON" },
  13: { type: "BSON" },
  14: { type: "UUID" },
  15: { type: "FLOAT16" },
  16: { type: "VARIANT" },
  17: { type: "GEOMETRY" },
  18: { type: "GEOGRAPHY" },
}

/** Reads a union whose only field says which type it is. */
function readLogicalType(thrift: ThriftReader): LogicalType {
  let logical: LogicalType = { type: "NULL" }
  thrift.struct((field, type) => {
    const simple = typesWithoutParameters[field]
    if (simple !== undefined) logical = simple
    if (type === 12 && (field === 5 || field === 7 || field === 8 || field === 10)) logical = readParameters(thrift, field)
  })
  return logical
}

/** Reads the parameters of decimals, times, timestamps and integers. */
function readParameters(thrift: ThriftReader, kind: number): LogicalType {
  const numbers = [0, 0, 0]
  let flag = false
  let unit: "MILLIS" | "MICROS" | "NANOS" = "MILLIS"
  thrift.struct((field, type) => {
    if (type === 1 || type === 2) flag = thrift.boolean(type)
    else if (type === 12) thrift.struct((which) => (unit = which === 1 ? "MILLIS" : which === 2 ? "MICROS" : "NANOS"))
    else if (type === 3) numbers[field] = thrift.byte()
    else if (field <= 2) numbers[field] = thrift.number(type)
  })
  const [, first = 0, second = 0] = numbers
  if (kind === 5) return { type: "DECIMAL", scale: first, precision: second }
  if (kind === 10) return { type: "INTEGER", bitWidth: first, isSigned: flag }
  return { type: kind === 7 ? "TIME" : "TIMESTAMP", isAdjustedToUTC: flag, unit }
}
