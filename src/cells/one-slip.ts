/** Whether two words differ by one letter that was added, dropped or changed, or by two neighbours that were swapped. */
export function isOneSlip(one: string, other: string): boolean {
  if (one === other || Math.abs(one.length - other.length) > 1) return false
  let start = 0
  while (start < one.length && one.charCodeAt(start) === other.charCodeAt(start)) start++
  let [first, second] = [one.length, other.length]
  while (first > start && second > start && one.charCodeAt(first - 1) === other.charCodeAt(second - 1)) {
    first--
    second--
  }
  if (first - start <= 1 && second - start <= 1) return true
  const isSwap = first - start === 2 && second - start === 2
  return isSwap && one.charAt(start) === other.charAt(start + 1) && one.charAt(start + 1) === other.charAt(start)
}
