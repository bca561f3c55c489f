/** The shape of a file of orders. */
export interface OrderFileOptions {
  readonly rows?: number
  /** The first id. */
  readonly from?: number
  /** The row that PostgreSQL refuses; -1 for none. */
  readonly refused?: number
}

/** A file with rejects, ids that are repeated across parts, and one row that only PostgreSQL refuses. */
export function orderFile({ rows = 240, from = 0, refused = 130 }: OrderFileOptions = {}): string {
  const lines = ["id,email,amount"]
  for (let row = 0; row < rows; row++) {
    const id = row % 60 === 59 ? from + row - 59 : from + row
    const email = row % 50 === 9 ? "nobody" : `person${row}@example.com`
    // The column takes four digits before the point.
    const amount = row === refused ? "123456.00" : `${row}.50`
    lines.push(`${id},${email},${amount}`)
  }
  return `${lines.join("\n")}\n`
}
