import type { RowSample, SampledColumn } from "./row-sample.ts"

const version = 1

/** What is usual in the tables of a file: plain JSON, for the option `ruleset` of `detect`. It contains values of the file. */
export interface DetectRuleset {
  /** The version of this format. */
  readonly version: number
  /** One for each table of the file, in its order. */
  readonly tables: readonly {
    /** The name of the table. */
    readonly table: string
    /** The cells of a sample of its rows: the distinct texts of each column, and a position among them for each row. */
    readonly columns: readonly { readonly name: string; readonly values: readonly string[]; readonly codes: readonly number[] }[]
  }[]
}

/** A ruleset of the samples of tables. */
export function rulesetOf(samples: readonly { readonly table: string; readonly sample: RowSample }[]): DetectRuleset {
  const columnsOf = (sample: RowSample) => sample.columns().map(({ name, values, codes }) => ({ name, values, codes: [...codes] }))
  return { version, tables: samples.map(({ table, sample }) => ({ table, columns: columnsOf(sample) })) }
}

/** The columns of each table of a ruleset. */
export function columnsOfRuleset({ tables }: DetectRuleset): readonly (readonly SampledColumn[])[] {
  return tables.map(({ columns }) => columns.map(({ name, values, codes }) => ({ name, values, codes: Int32Array.from(codes) })))
}

/** Whether a value is a ruleset of this version. */
export function isRuleset(value: unknown): boolean {
  const { version: own, tables } = (value ?? {}) as Partial<DetectRuleset>
  return own === version && Array.isArray(tables) && tables.every(isTable)
}

function isTable({ columns }: DetectRuleset["tables"][number]): boolean {
  if (!Array.isArray(columns)) return false
  const rows = columns[0]?.codes?.length
  return columns.every(({ name, values, codes }) => {
    const isText = typeof name === "string" && Array.isArray(values) && values.every((each) => typeof each === "string")
    return (
      isText && Array.isArray(codes) && codes.length === rows && codes.every((code) => Number.isInteger(code) && values[code] !== undefined)
    )
  })
}
