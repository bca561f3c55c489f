import { amountParts } from "../../cells/amount-parts.ts"

/** Decimal separators, and the groups of digits that go with them. */
const notations = [
  [".", /[,'’\s]/g],
  [",", /[.'’\s]/g],
] as const

/** The most rows that may make a sum. */
const mostRows = 10_000

/** A row whose cells are read only if they are needed. */
export interface SummedRow {
  cell(place: number): string
  /** The cell where it is cheap to read, otherwise blank. Default: the cell. */
  cheapCell?(place: number): string
}

/** What makes a sum. */
export interface SumTerms {
  /** The fewest numbers that a sum must have. */
  readonly least: number
  /** Whether every number of the row must be a sum, instead of half of them. */
  readonly every?: boolean
  /** Whether the numbers above may have been rounded after they were added up. */
  readonly isRounded?: boolean
}

class CopiedRow implements SummedRow {
  readonly #cells: readonly string[]

  constructor(row: SummedRow, width: number) {
    this.#cells = Array.from({ length: width }, (_, place) => row.cheapCell?.(place) ?? row.cell(place))
  }

  cell(place: number): string {
    return this.#cells[place] ?? ""
  }
}

/** The numbers of one column in one notation, by row: NaN where a cell is none. */
type Amounts = number[]

/**
 * The rows of a table so far, to tell which row adds up those above it. A total that was found takes the place of its rows, so that the total of
 * totals is found too.
 */
export class RowSums {
  #rows: SummedRow[] = []
  readonly #amounts = new Map<string, Amounts>()
  /** Whether the rows are all that the table has had. */
  isWhole = true

  /** The last rows of a table. */
  static ofLast(rows: readonly SummedRow[]): RowSums {
    const sums = new RowSums()
    sums.#rows = [...rows]
    sums.isWhole = false
    return sums
  }

  add(row: SummedRow): void {
    this.#rows.push(row)
  }

  /** Puts a total in the place of the last rows, which it adds up. */
  replace(rows: number, total: SummedRow): void {
    const length = this.#rows.length - rows
    this.#rows.length = length
    for (const amounts of this.#amounts.values()) if (amounts.length > length) amounts.length = length
    this.#rows.push(total)
  }

  copy(): RowSums {
    const copy = new RowSums()
    copy.#rows = [...this.#rows]
    copy.isWhole = this.isWhole
    return copy
  }

  /** Copies the last rows and forgets the others, so that the batch of the rows may be released. */
  keep(rows: number, width: number): void {
    if (this.#rows.length > rows) this.isWhole = false
    this.#amounts.clear()
    // Batches may have a few rows each, so what was copied once is not copied again.
    this.#rows = this.#rows
      .slice(Math.max(0, this.#rows.length - rows))
      .map((row) => (row instanceof CopiedRow ? row : new CopiedRow(row, width)))
  }

  /** How many of the last rows, the fewest that do, add up to the numbers of a row. One of the sums must be more than zero. */
  find(row: SummedRow, places: readonly number[], terms: SumTerms): number | undefined {
    for (const [decimal, groups] of notations) {
      const wanted = places.map((place) => amountOf(row.cell(place), decimal, groups))
      if (wanted.every((total) => Number.isNaN(total))) continue
      const columns = places.map((place) => this.#column(place, decimal, groups))
      const found = this.#findIn(columns, wanted, terms)
      if (found !== undefined) return found
    }
    return undefined
  }

  #findIn(
    columns: readonly Amounts[],
    wanted: readonly number[],
    { least, every = false, isRounded = false }: SumTerms,
  ): number | undefined {
    const sums = new Array<number>(wanted.length).fill(0)
    const counts = new Array<number>(wanted.length).fill(0)
    const needed = every ? wanted.length : Math.ceil(wanted.length / 2)
    const end = this.#rows.length
    for (let rows = 1; rows <= Math.min(end, mostRows); rows++) {
      let fits = 0
      let isProof = false
      for (let j = 0; j < wanted.length; j++) {
        const amount = columns[j]?.[end - rows] as number
        if (!Number.isNaN(amount)) {
          sums[j] = (sums[j] as number) + amount
          counts[j] = (counts[j] as number) + 1
        }
        const count = counts[j] as number
        if (count * 2 < rows || !isSum(sums[j] as number, wanted[j] as number, isRounded ? count : 0)) continue
        fits++
        isProof ||= wanted[j] !== 0 && count >= least
      }
      if (fits >= needed && isProof) return rows
    }
    return undefined
  }

  /** Whether the numbers of a row are at least the sums of the rows that are known, which are not all, and none of which is negative. */
  reaches(row: SummedRow, places: readonly number[]): boolean {
    return notations.some(([decimal, groups]) =>
      places.every((place) => {
        const amounts = this.#column(place, decimal, groups).filter((amount) => !Number.isNaN(amount))
        const sum = amounts.reduce((one, other) => one + other, 0)
        return amounts.length > 1 && sum > 0 && amounts.every((amount) => amount >= 0) && amountOf(row.cell(place), decimal, groups) >= sum
      }),
    )
  }

  #column(place: number, decimal: "." | ",", groups: RegExp): Amounts {
    const key = `${decimal}${place}`
    const amounts = this.#amounts.get(key) ?? []
    for (let row = amounts.length; row < this.#rows.length; row++)
      amounts.push(amountOf(this.#rows[row]?.cell(place) ?? "", decimal, groups))
    this.#amounts.set(key, amounts)
    return amounts
  }
}

/** Totals are rounded to cents, and sums of doubles are not exact. Where each of the numbers was rounded, the total differs by half of a unit for each. */
function isSum(sum: number, total: number, rounded: number): boolean {
  const difference = Math.abs(sum - total)
  return difference <= 0.005 + 1e-9 * Math.abs(sum) || (rounded > 0 && difference <= Math.min(rounded / 2, 0.001 * Math.abs(sum)))
}

function amountOf(text: string, decimal: "." | ",", groups: RegExp): number {
  const parts = text === "" ? undefined : amountParts(text)
  if (parts === undefined || parts.hasPercent) return Number.NaN
  const amount = Number(parts.digits.replace(groups, "").replace(decimal, "."))
  return parts.isNegative ? -amount : amount
}
