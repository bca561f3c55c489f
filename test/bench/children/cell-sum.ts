/** The sum of typed cells. Both sides of a comparison must get the same sum, so that neither leaves work out. */
export class CellSum {
  texts = 0
  textLength = 0
  numbers = 0
  numberSum = 0
  dates = 0
  dateSum = 0
  empty = 0

  add(cell: unknown): void {
    if (typeof cell === "string") this.addText(cell.length)
    else if (typeof cell === "number") this.addNumber(cell)
    else if (cell instanceof Date) this.addDate(cell.getTime())
    else if (cell === null || cell === undefined) this.empty++
    else throw new Error(`a cell of an unexpected kind: ${JSON.stringify(cell)}`)
  }

  addText(length: number): void {
    this.texts++
    this.textLength += length
  }

  addNumber(value: number): void {
    this.numbers++
    this.numberSum += value
  }

  addDate(ms: number): void {
    this.dates++
    this.dateSum += ms
  }
}
