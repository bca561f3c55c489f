import fc from "fast-check"

const digits = (least: number, most: number) => fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: least, maxLength: most })
const sign = fc.constantFrom("", "", "-", "+")

/**
 * Decimal numbers as people and programs write them: signs, leading zeros, missing digits beside the point, exponents, more digits than a double
 * holds.
 */
export const decimalTexts = fc.oneof(
  fc.tuple(sign, digits(1, 20)).map((parts) => parts.join("")),
  fc.tuple(sign, digits(0, 12), fc.constant("."), digits(1, 12)).map((parts) => parts.join("")),
  fc.tuple(sign, digits(1, 12), fc.constant(".")).map((parts) => parts.join("")),
  fc
    .tuple(
      sign,
      digits(1, 8),
      fc.constantFrom("", ".5", ".125"),
      fc.constantFrom("e", "E"),
      sign,
      fc.integer({ min: 0, max: 400 }).map(String),
    )
    .map((parts) => parts.join("")),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.integer().map(String),
)

/** Text that is not a decimal number, although `Number`, `parseFloat` or a spreadsheet may accept some of it. */
export const noNumbers = fc.oneof(
  fc.constantFrom(
    "",
    " ",
    "+",
    "-",
    ".",
    "-.",
    "e5",
    "1e",
    "1e+",
    "0x10",
    "0b1",
    "0o7",
    "Infinity",
    "-Infinity",
    "NaN",
    "1_000",
    "1,5",
    "1 000",
  ),
  fc.constantFrom("1.2.3", "--1", "1-", "12abc", "1e5.5", "½", "٣", "१२", "1n", "1f", "$5", "5%", "(5)", "1e999", "-1e400"),
  fc.string().filter((text) => !/^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(text)),
)
