/** A count with its noun, for a message: `1 row`, `2,000 rows`. `many` is the plural if it does not end in `s`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`
}
