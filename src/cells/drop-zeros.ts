/** Digits without trailing zeros. A regular expression would start again at every zero, and a cell may contain a million of them. */
export function dropZeros(digits: string): string {
  let end = digits.length
  while (end > 0 && digits.charCodeAt(end - 1) === 48) end--
  return digits.slice(0, end)
}
