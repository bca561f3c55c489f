import { numberNotationOf } from "../../cells/number-notation.ts"
import type { Normalizer } from "../../normalize/normalizer.ts"
import * as cell from "../../pipeline/namespaces/cell.ts"
import type { ProposedColumn, ProposedReading } from "../../profile/proposal.ts"
import { literal, literals } from "./source-text.ts"

/** How a contract reads a column: the normalizer, and the source that makes the same one. */
export interface ContractColumn {
  readonly name: string
  readonly kind: ProposedColumn["kind"]
  readonly normalizer: Normalizer<unknown>
  /** Undefined if the schema alone reads the column in the same way. */
  readonly source: string | undefined
  /** Its type as a zod schema. */
  readonly type: string
  /** Why it is read as text although it looks like something else. */
  readonly doubt: string | undefined
}

/** A column of a contract from its proposal. What the normalizers of the library cannot read is text. */
export function contractColumn(column: ProposedColumn): ContractColumn {
  const { name } = column
  const read = readerOf(column) ?? { kind: "text" as const, normalizer: cell.text(), source: undefined, type: "z.string()" }
  const doubt = column.doubt?.reason ?? (read.kind === column.kind ? undefined : `The cells are ${column.kind}, which is kept as text.`)
  const nulls = column.nullTexts.map(({ text }) => text)
  if (nulls.length === 0) return { name, doubt, ...read }
  const normalizer = cell.withNulls(read.normalizer, nulls)
  return { name, doubt, ...read, normalizer, source: `cell.withNulls(${read.source ?? "cell.text()"}, [${literals(nulls)}])` }
}

type Reader = Pick<ContractColumn, "kind" | "normalizer" | "source" | "type">

function readerOf({ kind, reading, evidence }: ProposedColumn): Reader | undefined {
  if (kind === "integer" || kind === "decimal") {
    const options = amountOptions(reading)
    if (options === undefined) return undefined
    const args = objectSource(options)
    return kind === "integer"
      ? { kind, normalizer: cell.integer(options), source: `cell.integer(${args})`, type: "z.int()" }
      : { kind, normalizer: cell.decimal(options), source: `cell.decimal(${args})`, type: "z.string()" }
  }
  if (kind === "date" || kind === "timestamp") {
    const formats = reading.formats ?? formatsOf(Object.keys(evidence.notations), kind)
    const { locale, pivot } = reading
    const options = { ...(locale === undefined ? {} : { locale }), ...(pivot === undefined ? {} : { pivot }) }
    const given = formats === undefined ? [] : [`[${literals(formats)}]`]
    const args = Object.keys(options).length === 0 ? given : [given[0] ?? "undefined", objectSource(options)]
    return { kind, normalizer: cell.date(formats, options), source: `cell.date(${args.join(", ")})`, type: "z.date()" }
  }
  if (kind === "boolean") {
    const { words } = reading
    if (words === undefined) return { kind, normalizer: cell.boolean(), source: "cell.boolean()", type: "z.boolean()" }
    const options = { true: [words.true], false: [words.false] }
    const source = `cell.boolean({ true: [${literal(words.true)}], false: [${literal(words.false)}] })`
    return { kind, normalizer: cell.boolean(options), source, type: "z.boolean()" }
  }
  if (kind === "json") return { kind, normalizer: cell.json(), source: "cell.json()", type: "z.json()" }
  return undefined
}

/** Languages that between them have all notations. */
const locales = ["en", "de", "fr", "de-CH", "en-IN", "xh"]

interface AmountOptions {
  readonly locale?: string
  readonly currency?: string
  readonly percent?: true
  readonly accounting?: true
}

/** The options that read numbers in a notation. Undefined if no language has it. */
function amountOptions({ decimal = ".", group, pairs, currency, percent, accounting }: ProposedReading): AmountOptions | undefined {
  const isPlain = decimal === "." && group === undefined
  const locale = locales.find((each) => {
    const notation = numberNotationOf(each)
    const hasGroup = group === undefined || notation.groups.includes(group)
    return notation.decimal === decimal && hasGroup && (pairs !== true || notation.pairs === true)
  })
  if (!isPlain && locale === undefined) return undefined
  return {
    ...(isPlain || locale === undefined ? {} : { locale }),
    ...(currency === undefined ? {} : { currency }),
    ...(percent === true ? { percent } : {}),
    ...(accounting === true ? { accounting } : {}),
  }
}

/**
 * The notations of the sample as formats, so that a file whose dates prove no order is read like the one that proved it. Undefined if one of them is
 * no format, or has names of months, which are read in any form without formats. Cells that are dates in the file need none.
 */
function formatsOf(notations: readonly string[], kind: "date" | "timestamp"): readonly string[] | undefined {
  const written = notations.filter((notation) => notation !== "date cells")
  if (written.some((notation) => /MMM|[^yMdHhmsSaX'T .,:/-]/.test(notation))) return undefined
  if (written.length > 0) return written
  return kind === "date" ? ["yyyy-MM-dd"] : undefined
}

function objectSource(options: object): string {
  const parts = Object.entries(options).map(([name, value]) => `${name}: ${typeof value === "string" ? literal(value) : value}`)
  return parts.length === 0 ? "" : `{ ${parts.join(", ")} }`
}
