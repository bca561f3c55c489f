/** What stands around the digits of an amount. */
export interface AmountParts {
  /** The digits with their separators, without a sign. */
  readonly digits: string
  readonly isNegative: boolean
  /** The currency as it is written, such as `€`, `US$` or `CHF`. */
  readonly currency: string | undefined
  readonly hasPercent: boolean
  /** Whether the amount is negative as accountants write it: `(450.00)` or `450.00-`. */
  readonly isAccounting: boolean
  readonly hasPlus: boolean
}

/** No currency, sign and number that belong together are longer. */
const longest = 80

/** Signs of currencies that are neither a symbol of Unicode nor a code of ISO 4217. */
const words = ["kr.", "kr", "zł", "Kč", "Ft", "lei", "Fr.", "SFr.", "Rs.", "Rs", "лв.", "лв", "din.", "kn"]

let codes: ReadonlySet<string> | undefined

/**
 * Splits an amount such as `-1.000,00 €`, `($450.00)` or `12.5 %` into its digits and what stands around them. Undefined if other text stands
 * there, or two signs.
 */
export function amountParts(text: string): AmountParts | undefined {
  if (text.length > longest) return undefined
  let [at, end] = [0, text.length]
  let sign: "-" | "+" | undefined
  let currency: string | undefined
  let [hasPercent, isOpen, isClosed, trails] = [false, false, false, false]
  for (; at < end; at++) {
    if (isDigit(text.charCodeAt(at))) break
    const char = text.charAt(at)
    if (isSpace(char)) continue
    if (isSign(char)) {
      if (sign !== undefined || isOpen) return undefined
      sign = char === "+" ? "+" : "-"
    } else if (char === "(") {
      if (isOpen || sign !== undefined) return undefined
      isOpen = true
    } else {
      const found = currencyAt(text, at)
      if (found === undefined) break
      if (currency !== undefined) return undefined
      currency = found
      at += found.length - 1
    }
  }
  for (; end > at; end--) {
    if (isDigit(text.charCodeAt(end - 1))) break
    const char = text.charAt(end - 1)
    if (isSpace(char)) continue
    if (char === "%") {
      if (hasPercent) return undefined
      hasPercent = true
    } else if (char === ")") {
      if (isClosed) return undefined
      isClosed = true
    } else if (isSign(char)) {
      if (sign !== undefined || isOpen || char === "+") return undefined
      sign = "-"
      trails = true
    } else {
      const found = currencyBefore(text, end)
      if (found === undefined) break
      if (currency !== undefined) return undefined
      currency = found
      end -= found.length - 1
    }
  }
  const digits = text.slice(at, end)
  if (isOpen !== isClosed || !beginsNumber(digits)) return undefined
  return {
    digits,
    isNegative: isOpen || sign === "-",
    currency,
    hasPercent,
    isAccounting: isOpen || trails,
    hasPlus: sign === "+",
  }
}

function beginsNumber(digits: string): boolean {
  const first = digits.charCodeAt(0)
  return isDigit(first) || ((first === 46 || first === 44) && isDigit(digits.charCodeAt(1)))
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

function isSpace(char: string): boolean {
  return char === " " || char === "\u00a0" || char === "\u202f" || char === "\u2009"
}

/** The hyphen, the plus sign and the minus sign of mathematics. */
function isSign(char: string): boolean {
  return char === "-" || char === "+" || char === "\u2212"
}

function currencyAt(text: string, at: number): string | undefined {
  const rest = text.slice(at, at + 4)
  const symbol = /^[A-Z]{0,3}\p{Sc}/u.exec(rest)?.[0]
  if (symbol !== undefined) return symbol
  return isCode(rest.slice(0, 3)) ? rest.slice(0, 3) : words.find((word) => text.startsWith(word, at))
}

function currencyBefore(text: string, end: number): string | undefined {
  const rest = text.slice(Math.max(0, end - 4), end)
  const symbol = /(?<![A-Z])[A-Z]{0,3}\p{Sc}$/u.exec(rest)?.[0]
  if (symbol !== undefined) return symbol
  return isCode(rest.slice(-3)) ? rest.slice(-3) : words.find((word) => text.endsWith(word, end))
}

function isCode(text: string): boolean {
  if (!/^[A-Z]{3}$/.test(text)) return false
  codes ??= new Set(Intl.supportedValuesOf("currency"))
  return codes.has(text)
}
