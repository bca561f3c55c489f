/** The sum of valid rows, so that both sides of a comparison are known to have the same values. */
export class ValidSum {
  bad = 0
  good = 0
  ids = 0
  days = 0
  quantity = 0
  withoutNote = 0

  add(id: number, date: number, quantity: number, isWithoutNote: boolean): void {
    this.good++
    this.ids += id
    this.days += date / 86_400_000
    this.quantity += quantity
    if (isWithoutNote) this.withoutNote++
  }
}
