/** What a text may be, as far as a look at its bytes tells. Most texts are neither, and this is quick to see. */
export const possible = { amount: 1, date: 2 } as const

const [digit, letter, high, both, amountMark, dateMark] = [1, 2, 3, 4, 5, 6]

/** What each byte is; 0 for those that neither an amount nor a date has. */
const kinds = new Uint8Array(256)
for (let byte = 0x80; byte < 256; byte++) kinds[byte] = high
for (let byte = 97; byte <= 122; byte++) kinds[byte] = kinds[byte - 32] = letter
for (let byte = 48; byte <= 57; byte++) kinds[byte] = digit
for (const byte of Buffer.from(" .,+-")) kinds[byte] = both
for (const byte of Buffer.from("'()%$")) kinds[byte] = amountMark
for (const byte of Buffer.from("/:")) kinds[byte] = dateMark

/** Letters of a currency, and bytes of the name of a month with words such as `de` and `PM` beside it. */
const [mostOfAmount, mostOfDate] = [3, 30]

/**
 * The bits of `possible`. An amount has digits, something beside them, and few letters, which do not stand right before a hyphen, as those of a number of a
 * part do. A date has two or more numbers, one of which is a year of four digits, and a word.
 */
export function possibleForms(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > 64) return 0
  let [digits, letters, highs, others, run, runs, mayBeDate, hasYear] = [0, 0, 0, 0, 0, 0, true, false]
  let mayBeAmount = end - start <= 40
  let last = 0
  for (let at = start; at < end; at++) {
    const kind = kinds[bytes[at] as number] as number
    if (kind === digit) {
      digits++
      if (++run === 1) runs++
      hasYear ||= run === 4
      if (run > 4) mayBeDate = false
    } else {
      run = 0
      if (kind === 0) return 0
      if (kind === letter) {
        if (++letters > mostOfAmount) mayBeAmount = false
      } else if (kind === high) highs++
      else {
        others++
        if (kind === amountMark) mayBeDate = false
        else if (kind === dateMark || (last === letter && bytes[at] === 45)) mayBeAmount = false
      }
    }
    if (!mayBeAmount && !mayBeDate) return 0
    last = kind
  }
  const isAmount = mayBeAmount && digits > 0 && others + highs + letters > 0 && (others + highs > 0 || letters > 1)
  const isDate = mayBeDate && runs > 1 && hasYear && letters + highs > 1 && letters + highs <= mostOfDate
  return (isAmount ? possible.amount : 0) | (isDate ? possible.date : 0)
}
