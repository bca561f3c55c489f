/** The first place where two texts differ, with the text around it. */
export function difference(one: string, other: string): string {
  let at = 0
  while (at < one.length && one[at] === other[at]) at++
  return `${one.slice(Math.max(0, at - 80), at + 80)} / ${other.slice(Math.max(0, at - 80), at + 80)}`
}
