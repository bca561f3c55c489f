/** Gathers rows into columns, some thousands at a time, with one numeric sum and one distinct count. Peers of the csv reader use it. */
export class ColumnBatch {
  rows = 0
  amount = 0
  readonly #countries = new Set<string>()
  #columns: string[][] = []

  add(cells: readonly string[]): void {
    if (this.#columns.length === 0) this.#columns = cells.map(() => [])
    for (let at = 0; at < cells.length; at++) this.#columns[at]?.push(cells[at] ?? "")
    if (this.#columns[0]?.length === 8192) this.flush()
  }

  flush(): void {
    const amounts = this.#columns[5] ?? []
    for (const text of amounts) this.amount += Number(text)
    for (const country of this.#columns[3] ?? []) this.#countries.add(country)
    this.rows += amounts.length
    this.#columns = []
  }

  toJSON(): object {
    return { rows: this.rows, amount: Math.round(this.amount * 100), countries: this.#countries.size }
  }
}
