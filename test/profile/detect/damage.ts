import { Random } from "../../../examples/data/random.ts"
import type { CleanColumn, CleanTable } from "./clean-tables.ts"

/** What can happen to a cell. */
export const damageKinds = [
  "typo",
  "stray letter",
  "swap in a column",
  "swapped fields",
  "null",
  "disguised null",
  "format",
  "unit",
  "outlier",
  "duplicate",
  "broken dependency",
  "stale date",
] as const
export type DamageKind = (typeof damageKinds)[number]

/** A damaged table, and which cells were changed, as `row:column` from 0. */
export interface DamagedTable extends CleanTable {
  readonly changed: ReadonlySet<string>
}

interface Damage {
  /** Whether it can happen to the column. */
  readonly fits: (column: CleanColumn, table: CleanTable) => boolean
  /** The new text of a cell; undefined if it would stay as it is. */
  readonly change: (text: string, random: Random, place: Place) => string | undefined
}

interface Place {
  readonly table: CleanTable
  readonly at: number
}

const letters = "abcdefghijklmnopqrstuvwxyz"

const damages: { readonly [K in Exclude<DamageKind, "duplicate" | "swapped fields">]: Damage } = {
  typo: {
    fits: ({ kind }) => kind === "words" || kind === "prose",
    change: (text, random) => {
      if (text.length < 4) return undefined
      const at = 1 + random.below(text.length - 2)
      const letter = letters.charAt(random.below(26))
      const [head, here, next, tail] = [text.slice(0, at), text.charAt(at), text.charAt(at + 1), text.slice(at + 2)]
      return random.pick([head + letter + next + tail, head + letter + here + next + tail, head + next + tail, head + next + here + tail])
    },
  },
  "stray letter": {
    fits: ({ kind }) => kind !== "prose" || true,
    change: (text, random) => {
      if (text === "") return undefined
      const at = random.below(text.length)
      return `${text.slice(0, at)}x${text.slice(at + 1)}`
    },
  },
  "swap in a column": {
    fits: () => true,
    change: (_, random, place) => otherValue(random, place),
  },
  null: { fits: () => true, change: () => "" },
  "disguised null": {
    fits: () => true,
    change: (_, random, { table, at }) => {
      const kind = table.columns[at]?.kind
      if (kind === "date") return random.pick(["1900-01-01", "9999-12-31", "n/a"])
      return kind === "number" ? random.pick(["-1", "9999", "999", "N/A", "-"]) : random.pick(["N/A", "-", "unknown", "?", "null"])
    },
  },
  format: {
    fits: ({ kind }) => kind !== "prose",
    change: (text, random, { table, at }) => {
      const kind = table.columns[at]?.kind
      if (text === "") return undefined
      if (kind === "date")
        return random.pick([text.split("-").reverse().join("."), `${text.slice(5, 7)}/${text.slice(8)}/${text.slice(0, 4)}`])
      if (kind === "time") return random.pick([text.replace(/\.(.)\./, "$1"), `12/02/2011 ${text}`, text.replace(" ", "")])
      if (kind === "number") return numberFormat(text, random)
      if (kind === "code") return random.pick([`${text.slice(0, 2)} ${text.slice(2)}`, `#${text}`, `${text}.0`])
      return random.pick([text.toUpperCase(), text.toLowerCase(), ` ${text}`, `${text}.`, text.replace(" ", "_")])
    },
  },
  unit: {
    fits: ({ kind }) => kind === "number",
    change: (text, random) => replaceNumber(text, (number) => number * random.pick([1000, 100, 0.001])),
  },
  outlier: {
    fits: ({ kind }) => kind === "number",
    change: (text, random, { table, at }) => {
      const most = Math.max(...table.rows.map((row) => Math.abs(numberIn(row[at] ?? "") ?? 0)))
      return replaceNumber(text, () => Math.round(most * (5 + 20 * random.next())))
    },
  },
  "broken dependency": {
    fits: ({ by }) => by !== undefined,
    change: (_, random, place) => otherValue(random, place),
  },
  "stale date": {
    fits: ({ kind }) => kind === "date",
    change: (text, random) => `${Number(text.slice(0, 4)) - 3 - random.below(20)}${text.slice(4)}`,
  },
}

/** Damages a share of the cells that the kind can happen to. The same seed gives the same damage. */
export function damaged(table: CleanTable, kind: DamageKind, share: number, seed = 1): DamagedTable {
  const random = new Random(seed, Math.round(share * 1000))
  const rows = table.rows.map((row) => [...row])
  const changed = new Set<string>()
  if (kind === "duplicate") return duplicated(table, share, random)
  const set = (row: number, at: number, text: string | undefined) => {
    if (text === undefined || text === table.rows[row]?.[at]) return
    ;(rows[row] as string[])[at] = text
    changed.add(`${row}:${at}`)
  }
  for (let row = 0; row < rows.length; row++)
    for (let at = 0; at < table.columns.length; at++) {
      const text = table.rows[row]?.[at] ?? ""
      if (random.next() >= share || text === "" || changed.has(`${row}:${at}`)) continue
      if (kind === "swapped fields") {
        const other = random.below(table.columns.length)
        if (table.columns[other]?.kind === "number" || table.columns[at]?.kind === "number" || changed.has(`${row}:${other}`)) continue
        set(row, at, table.rows[row]?.[other])
        set(row, other, text)
      } else if (damages[kind].fits(table.columns[at] as CleanColumn, table))
        set(row, at, damages[kind].change(text, random, { table, at }))
    }
  return { ...table, rows, changed }
}

/** Rows that occur once more, with the same first cell and one other cell from elsewhere. All cells of a copied row count as one. */
function duplicated(table: CleanTable, share: number, random: Random): DamagedTable {
  const rows = table.rows.map((row) => [...row])
  const changed = new Set<string>()
  table.rows.forEach((row) => {
    if (random.next() >= share) return
    const copy = [...row]
    const at = 1 + random.below(table.columns.length - 1)
    copy[at] = otherValue(random, { table, at }) ?? ""
    changed.add(`${rows.length}:0`)
    rows.push(copy)
  })
  return { ...table, rows, changed }
}

function otherValue(random: Random, { table, at }: Place): string | undefined {
  const value = table.rows[random.below(table.rows.length)]?.[at]
  return value === "" ? undefined : value
}

function numberFormat(text: string, random: Random): string {
  const number = text.match(/-?[\d.]+/)?.[0] ?? text
  const unit = text.slice(number.length)
  if (unit !== "") return random.pick([number, `${number}${unit.trim().toUpperCase()}.`, `${number} ${unit.trim()}${unit.trim()}`])
  return random.pick([`${number} kg`, `$${number}`, `${number.replace(".", ",")},5`])
}

function numberIn(text: string): number | undefined {
  const number = Number(text.match(/-?[\d.]+/)?.[0] ?? "x")
  return Number.isNaN(number) ? undefined : number
}

function replaceNumber(text: string, change: (number: number) => number): string | undefined {
  const number = numberIn(text)
  return number === undefined ? undefined : text.replace(/-?[\d.]+/, String(Number(change(number).toPrecision(6))))
}
