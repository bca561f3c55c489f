import { open } from "node:fs/promises"
import { type Damage, spoil, spoilable } from "./damage.ts"
import { type OrderCells, order, orderColumns } from "./order.ts"
import { Random } from "./random.ts"

/** Which orders to make. */
export interface OrdersOptions {
  readonly rows: number
  /** The position of the first order, so that you can make parts of a file. Default: 0. */
  readonly first?: number | undefined
  /** The seed of the random numbers. Default: 42. */
  readonly seed?: number | undefined
  /** How much to spoil: a share of the rows (0.02 is 2 %), with one cell in each, or a share of all cells. Default: nothing. */
  readonly damage?: { readonly share: number; readonly of: "rows" | "cells" } | undefined
  /** Called for every spoilt cell, in order, so that a test knows what is wrong. */
  readonly onDamage?: ((damage: Damage) => void) | undefined
}

/** Generates orders in sequence. Spoiling some of them does not change the others. */
export function* orders(options: OrdersOptions): Generator<OrderCells> {
  const { rows, first = 0, seed = 42 } = options
  for (let index = first; index < first + rows; index++) {
    const cells = order(index, seed)
    for (const damage of damageOf(cells, index, seed, options)) options.onDamage?.(damage)
    yield cells
  }
}

function* damageOf(cells: OrderCells, index: number, seed: number, { damage }: OrdersOptions): Generator<Damage> {
  if (damage === undefined) return
  const random = new Random(seed ^ 0x5bd1e995, index)
  const columns = damage.of === "rows" ? [random.pick(spoilable)].filter(() => random.next() < damage.share) : spoilable
  for (const column of columns) {
    if (damage.of === "cells" && random.next() >= damage.share) continue
    const done = spoil(cells, index, column, random)
    if (done !== undefined) yield done
  }
}

/** The same orders as csv (commas, quotes if needed, LF, a header), about 80 bytes a row, in pieces of about 256 KiB. */
export function* ordersCsv(options: OrdersOptions): Generator<Buffer> {
  let text = `${orderColumns.join(",")}\n`
  for (const cells of orders(options)) {
    text += csvLine(cells)
    if (text.length < 262_144) continue
    yield Buffer.from(text)
    text = ""
  }
  yield Buffer.from(text)
}

function csvLine(cells: OrderCells): string {
  let line = csvField(cells.order_id)
  for (let at = 1; at < orderColumns.length; at++) line += `,${csvField(cells[orderColumns[at] ?? "notes"])}`
  return `${line}\n`
}

function csvField(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Writes the csv file and returns its size in bytes. */
export async function writeOrdersCsv(path: string, options: OrdersOptions): Promise<number> {
  await using file = await open(path, "w")
  let size = 0
  for (const piece of ordersCsv(options)) {
    await file.write(piece)
    size += piece.length
  }
  return size
}
