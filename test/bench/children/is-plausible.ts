/** What a refinement of the whole order sees of it. */
interface Order {
  readonly status: string
  readonly quantity: number
}

/** A refinement across columns. */
export function isPlausible({ status, quantity }: Order): boolean {
  return status !== "refunded" || quantity < 1000
}
