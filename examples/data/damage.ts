import type { Dimension } from "../../src/model/dimension.ts"
import type { OrderCells, OrderColumn } from "./order.ts"
import type { Random } from "./random.ts"

/** One way to spoil a cell. */
export interface DamageKind {
  readonly name: string
  readonly column: OrderColumn
  /** The dimension in which the order contract notices it; undefined if no rule can notice it, or if reading repairs it. */
  readonly dimension: Dimension | undefined
  /** The spoilt cell; undefined if this order cannot be spoilt in this way. */
  apply(cells: Readonly<OrderCells>, random: Random): string | undefined
}

/** What was done to one cell. */
export interface Damage {
  /** Position of the order, counted from 0. */
  readonly index: number
  readonly column: OrderColumn
  readonly kind: string
  readonly dimension: Dimension | undefined
  readonly before: string
  readonly after: string
}

/** The columns that can be spoilt: all except the notes, in which every text is valid. */
export const spoilable = [
  "order_id",
  "customer_name",
  "email",
  "country",
  "order_date",
  "amount",
  "currency",
  "quantity",
  "status",
] as const satisfies readonly OrderColumn[]

/** Every way in which the generator spoils orders. */
export const damageKinds: readonly DamageKind[] = [
  ...spoilable.map((column) => kind("missing", column, "completeness", () => "")),
  kind("disguised null", "customer_name", "completeness", (_, random) => random.pick(["N/A", "n/a", "-", "NULL"])),
  kind("blank", "customer_name", "completeness", () => "   "),
  kind("padding", "customer_name", undefined, (cells) => `  ${cells.customer_name} `),
  kind("wrong encoding", "customer_name", undefined, (cells) => mojibake(cells.customer_name)),
  kind("letters in a number", "order_id", "validity", (cells) => `A${cells.order_id}`),
  kind("key of an earlier order", "order_id", "uniqueness", ({ order_id }, random) => {
    const back = 1 + random.below(1000)
    return Number(order_id) > back ? String(Number(order_id) - back) : undefined
  }),
  kind("no at sign", "email", "validity", (cells) => cells.email.replace("@", ".")),
  kind("space in an address", "email", "validity", (cells) => cells.email.replace("@", " @")),
  kind("unknown country", "country", "accuracy", (_, random) => random.pick(["XX", "ZZ", "UK"])),
  kind("name for a code", "country", "validity", (_, random) => random.pick(["Germany", "U.S.A."])),
  kind("no date", "order_date", "validity", (_, random) => random.pick(["soon", "yesterday", "??"])),
  kind("no such day", "order_date", "validity", (cells) => `${cells.order_date.slice(0, 4)}-02-30`),
  kind("no year", "order_date", "validity", (cells) => cells.order_date.slice(5)),
  kind("future", "order_date", "accuracy", (cells) => `${Number(cells.order_date.slice(0, 4)) + 10}${cells.order_date.slice(4)}`),
  kind("letters in a number", "amount", "validity", () => "twelve"),
  kind("decimal comma", "amount", "validity", (cells) => (cells.amount.includes(".") ? cells.amount.replace(".", ",") : undefined)),
  kind("currency sign", "amount", "validity", (cells) => `$${cells.amount}`),
  kind("negative", "amount", "accuracy", (cells) => (Number(cells.amount) > 0 ? `-${cells.amount}` : undefined)),
  kind("outlier", "amount", "accuracy", (cells) => `${1 + (Number(cells.order_id) % 9)}000000`),
  kind("cents of yen", "amount", "consistency", (cells) => (cells.currency === "JPY" ? `${cells.amount}.50` : undefined)),
  kind("unknown currency", "currency", "validity", () => "XXX"),
  kind("lower case", "currency", "validity", (cells) => cells.currency.toLowerCase()),
  kind("zero", "quantity", "validity", () => "0"),
  kind("fraction", "quantity", "validity", (cells) => `${cells.quantity}.5`),
  kind("word for a number", "quantity", "validity", () => "two"),
  kind("typo", "status", "validity", (cells) => cells.status.slice(0, 1) + cells.status.slice(2)),
  kind("other case", "status", "validity", (cells) => cells.status.toUpperCase()),
]

/** Spoils one cell in a way that is possible for it, and returns what it did. */
export function spoil(cells: OrderCells, index: number, column: OrderColumn, random: Random): Damage | undefined {
  const fitting = damageKinds.filter((candidate) => candidate.column === column)
  for (let first = random.below(fitting.length), tried = 0; tried < fitting.length; tried++) {
    const candidate = fitting[(first + tried) % fitting.length]
    const after = candidate?.apply(cells, random)
    if (candidate === undefined || after === undefined || after === cells[column]) continue
    const damage = { index, column, kind: candidate.name, dimension: candidate.dimension, before: cells[column], after }
    cells[column] = after
    return damage
  }
  return undefined
}

function kind(name: string, column: OrderColumn, dimension: Dimension | undefined, apply: DamageKind["apply"]): DamageKind {
  return { name, column, dimension, apply }
}

/** Reads UTF-8 as Windows-1252 by mistake. Plain ASCII does not change, so it cannot be spoilt. */
function mojibake(text: string): string | undefined {
  const spoilt = Buffer.from(text, "utf8").toString("latin1")
  return spoilt === text ? undefined : spoilt
}
