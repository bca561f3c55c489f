import { daysFromCivil } from "../cells/civil-date.ts"
import type { ColumnEvidence } from "./column-evidence.ts"
import { nameEvidence } from "./column-name.ts"
import type { NumberFindings } from "./number-evidence.ts"
import type { ColumnRemark } from "./proposal.ts"
import { remark } from "./remark.ts"
import { firstSerial, lastSerial } from "./serial-days.ts"
import { Tally } from "./tally.ts"

/** How spreadsheets show a number of twelve digits or more that has no format. */
const shortenedCode = /^\d(?:[.,]\d{1,5})?E\+1\d$/
const shortenedLength = "4.00638E+12".length
const leastCodeDigits = 11

/** What the numbers of a column leave open, and how they are read. */
export function numberRemarks(
  name: string,
  { numbers, wholes, fractions }: ColumnEvidence,
  found: NumberFindings,
): readonly ColumnRemark[] {
  const { seconds, milliseconds, currencies, accounting, bareExponents } = numbers
  const all = numbers.count + wholes.count + fractions.count
  const [[currency, amounts] = ["", new Tally()]] = currencies
  const bare = Tally.sum([numbers.plain, wholes, fractions])
  const without = bare.count - numbers.nothings
  const { namesCode, namesDate } = nameEvidence(name)
  const exponents = found.agreeing.find(({ label }) => label === "exponent")?.tally
  const isShortened = exponents?.examples.some(({ text }) => shortenedCode.test(text)) === true
  // Where no cell has all its digits, every one of them has to look shortened, and one has to fill the cell.
  const texts = exponents?.count === all ? exponents.examples.map(({ text }) => text) : []
  const areAll = texts.every((text) => shortenedCode.test(text)) && texts.some((text) => text.length === shortenedLength)
  const shortened = isShortened && (namesCode || areAll || numbers.mostDigits >= leastCodeDigits) ? exponents : undefined
  const dates = found.isWhole && bare.count === all && namesDate ? writtenAsNumbers(bare) : undefined
  return [
    ...(dates === undefined ? [] : [remark(`The numbers may be dates, ${dates}.`, [["of them", bare]])]),
    ...(seconds.count > 0 && milliseconds.count > 0 && seconds.count + milliseconds.count === all
      ? [
          remark("Some of the numbers may be seconds since 1970 and others milliseconds.", [
            ["of 10 digits", seconds],
            ["of 13 digits", milliseconds],
          ]),
        ]
      : []),
    ...(amounts.count > 0 && without > 0
      ? [
          remark(`Only some amounts have the currency ${currency}; all are read as numbers, without it.`, [
            ["with the currency", amounts],
            ["without", bare],
          ]),
        ]
      : []),
    ...(bareExponents.count > 0 && found.codes === undefined
      ? [remark("Cells such as 1E5 are read as numbers with an exponent.", [["with an exponent", bareExponents]])]
      : []),
    ...(shortened === undefined
      ? []
      : [
          remark("Numbers such as 4.00638E+12 have lost digits if a spreadsheet has shortened longer ones.", [
            ["with an exponent", shortened],
          ]),
        ]),
    ...(accounting.count > 1 && accounting.count === all && found.isWhole && amounts.count === 0
      ? [remark("All numbers are in parentheses, or end in a minus sign, and are read as negative.", [["of them", accounting]])]
      : []),
  ]
}

/** How numbers may write dates, as far as the first of them show: 45231, or 20240131. */
function writtenAsNumbers({ examples }: Tally): string | undefined {
  const numbers = examples.map(({ text }) => Number(text))
  if (numbers.every((number) => number >= firstSerial && number <= lastSerial)) return "as spreadsheets count days"
  const areDays = numbers.every((number) => {
    return (
      number > 19_000_000 &&
      number < 21_000_000 &&
      !Number.isNaN(daysFromCivil(Math.floor(number / 10_000), Math.floor(number / 100) % 100, number % 100))
    )
  })
  return areDays ? "written without separators" : undefined
}
