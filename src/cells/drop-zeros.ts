/** Digits without the zeros at their end. By hand: a pattern for this begins anew at every zero, and a cell may hold a million of them. */
export function dropZeros(digits: string): string {
  let end = digits.length
  while (end > 0 && digits.charCodeAt(end - 1) === 48) end--
  return digits.slice(0, end)
}
