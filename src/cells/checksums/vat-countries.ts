import { digitsOf, weighted } from "./checksum.ts"
import { remainderOf97 } from "./iban.ts"
import { passesLuhn } from "./luhn.ts"

/** The VAT numbers of a country, without its prefix. */
export interface VatCountry {
  readonly form: RegExp
  /** How many characters they have, for messages. */
  readonly length: string
  /** Whether the check digits of a number of this form are right. Always true for the forms that have none. */
  passes(number: string): boolean
}

/**
 * The rules of the member states, by the prefix of their numbers. Source: "VIES VAT validation routines" of the European Commission (Directorate-General for
 * Taxation and Customs Union). Forms whose rule is not published, such as those for persons in Latvia and the Czech Republic, are judged by their form.
 */
export const vatCountries: ReadonlyMap<string, VatCountry> = new Map<string, VatCountry>([
  ["AT", { form: /^U\d{8}$/, length: "U and 8 digits", passes: (number) => sumsDigits(number.slice(1), [1, 2, 1, 2, 1, 2, 1], 4) }],
  [
    "BE",
    { form: /^[01]\d{9}$/, length: "10 digits", passes: (number) => 97 - (Number(number.slice(0, 8)) % 97) === Number(number.slice(8)) },
  ],
  ["BG", { form: /^\d{9,10}$/, length: "9 or 10 digits", passes: passesBulgaria }],
  ["CY", { form: /^\d{8}[A-Z]$/, length: "8 digits and a letter", passes: passesCyprus }],
  ["CZ", { form: /^\d{8,10}$/, length: "8 to 10 digits", passes: passesCzechia }],
  ["DE", { form: /^[1-9]\d{8}$/, length: "9 digits", passes: passes1110 }],
  ["DK", { form: /^[1-9]\d{7}$/, length: "8 digits", passes: (number) => weightedBy(number, [2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0 }],
  ["EE", { form: /^\d{9}$/, length: "9 digits", passes: (number) => weightedBy(number, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0 }],
  [
    "EL",
    {
      form: /^\d{9}$/,
      length: "9 digits",
      passes: (number) => (weightedBy(number, [256, 128, 64, 32, 16, 8, 4, 2]) % 11) % 10 === lastOf(number),
    },
  ],
  ["ES", { form: /^(?:[A-Z]\d{7}[A-Z0-9]|\d{8}[A-Z])$/, length: "9 characters", passes: passesSpain }],
  ["FI", { form: /^\d{8}$/, length: "8 digits", passes: (number) => weightedBy(number, [7, 9, 10, 5, 8, 4, 2, 1]) % 11 === 0 }],
  ["FR", { form: /^[A-HJ-NP-Z0-9]{2}\d{9}$/, length: "11 characters", passes: passesFrance }],
  ["HR", { form: /^\d{11}$/, length: "11 digits", passes: passes1110 }],
  ["HU", { form: /^\d{8}$/, length: "8 digits", passes: (number) => weightedBy(number, [9, 7, 3, 1, 9, 7, 3, 1]) % 10 === 0 }],
  ["IE", { form: /^\d(?:\d{6}[A-W][A-I]?|[A-Z+*]\d{5}[A-W])$/, length: "8 or 9 characters", passes: passesIreland }],
  ["IT", { form: /^\d{11}$/, length: "11 digits", passes: passesLuhn }],
  ["LT", { form: /^(?:\d{9}|\d{12})$/, length: "9 or 12 digits", passes: passesLithuania }],
  ["LU", { form: /^\d{8}$/, length: "8 digits", passes: (number) => Number(number.slice(0, 6)) % 89 === Number(number.slice(6)) }],
  [
    "LV",
    {
      form: /^\d{11}$/,
      length: "11 digits",
      passes: (number) => number < "4" || weightedBy(number, [9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1]) % 11 === 3,
    },
  ],
  [
    "MT",
    {
      form: /^\d{8}$/,
      length: "8 digits",
      passes: (number) => 37 - (weightedBy(number, [3, 4, 6, 7, 8, 9]) % 37) === Number(number.slice(6)),
    },
  ],
  ["NL", { form: /^\d{9}B\d{2}$/, length: "9 digits, B and 2 digits", passes: passesNetherlands }],
  [
    "PL",
    { form: /^\d{10}$/, length: "10 digits", passes: (number) => weightedBy(number, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 === lastOf(number) },
  ],
  [
    "PT",
    {
      form: /^\d{9}$/,
      length: "9 digits",
      passes: (number) => ((11 - (weightedBy(number, [9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11) % 10 === lastOf(number),
    },
  ],
  ["RO", { form: /^[1-9]\d{1,9}$/, length: "2 to 10 digits", passes: passesRomania }],
  [
    "SE",
    {
      form: /^\d{10}(?:0[1-9]|[1-8]\d|9[0-4])$/,
      length: "12 digits, of which the last two are 01 to 94",
      passes: (number) => passesLuhn(number.slice(0, 10)),
    },
  ],
  ["SI", { form: /^[1-9]\d{7}$/, length: "8 digits", passes: passesSlovenia }],
  ["SK", { form: /^[1-9]\d{9}$/, length: "10 digits", passes: (number) => Number(number) % 11 === 0 }],
])

function weightedBy(number: string, weights: readonly number[]): number {
  return weighted(digitsOf(number), weights)
}

function lastOf(number: string): number {
  return Number(number.at(-1))
}

/** The digits of the products and an addend make a multiple of ten with the last digit. */
function sumsDigits(number: string, weights: readonly number[], addend: number): boolean {
  const products = weights.map((weight, at) => weight * Number(number[at]))
  const sum = products.reduce((before, product) => before + Math.floor(product / 10) + (product % 10), addend)
  return (sum + lastOf(number)) % 10 === 0
}

/** ISO/IEC 7064, MOD 11,10. */
function passes1110(number: string): boolean {
  const check = digitsOf(number.slice(0, -1)).reduce((before, digit) => (((before + digit) % 10 || 10) * 2) % 11, 10)
  return (11 - check) % 10 === lastOf(number)
}

function passesBulgaria(number: string): boolean {
  const check = lastOf(number)
  if (number.length === 9) {
    const first = weightedBy(number, [1, 2, 3, 4, 5, 6, 7, 8]) % 11
    return (first === 10 ? (weightedBy(number, [3, 4, 5, 6, 7, 8, 9, 10]) % 11) % 10 : first) === check
  }
  // Persons, foreigners, and all others.
  return (
    (weightedBy(number, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11) % 10 === check ||
    weightedBy(number, [21, 19, 17, 13, 11, 9, 7, 3, 1]) % 10 === check ||
    (11 - (weightedBy(number, [4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === check
  )
}

function passesCyprus(number: string): boolean {
  const odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21]
  const sum = digitsOf(number.slice(0, 8)).reduce((before, digit, at) => before + (at % 2 === 0 ? (odd[digit] ?? 0) : digit), 0)
  return number.at(-1) === String.fromCharCode(65 + (sum % 26))
}

function passesCzechia(number: string): boolean {
  if (number.length === 9) return true
  // The check digit of birth numbers up to 1985 is 0 where the remainder is 10.
  if (number.length === 10) return Number(number) % 11 === 0 || (Number(number.slice(0, 9)) % 11 === 10 && lastOf(number) === 0)
  return !number.startsWith("9") && (11 - (weightedBy(number, [8, 7, 6, 5, 4, 3, 2]) % 11)) % 10 === lastOf(number)
}

function passesSpain(number: string): boolean {
  const first = number.charAt(0)
  const last = number.charAt(8)
  const person = "XYZ".includes(first)
    ? `${"XYZ".indexOf(first)}${number.slice(1, 8)}`
    : /[KLM]/.test(first)
      ? number.slice(1, 8)
      : number.slice(0, 8)
  if (/[0-9KLMXYZ]/.test(first)) return last === "TRWAGMYFPDXBNJZSQVHLCKE"[Number(person) % 23]
  const check = Array.from({ length: 10 }, (_, digit) => digit).find((digit) => passesLuhn(number.slice(1, 8) + digit)) ?? 0
  return last === String(check) || last === "JABCDEFGHI"[check]
}

function passesFrance(number: string): boolean {
  const company = number.slice(2)
  // Companies in Monaco use French numbers that begin with 000 and have no Luhn digit.
  if (!company.startsWith("000") && !passesLuhn(company)) return false
  return !/^\d\d/.test(number) || Number(number.slice(0, 2)) === (12 + 3 * (Number(company) % 97)) % 97
}

function passesIreland(number: string): boolean {
  const isOld = !/^\d{7}/.test(number)
  const digits = isOld ? `0${number.slice(2, 7)}${number.charAt(0)}` : number.slice(0, 7)
  const extra = isOld || number.length === 8 ? 0 : number.charCodeAt(8) - 64
  return number.charAt(7) === "WABCDEFGHIJKLMNOPQRSTUV"[(weightedBy(digits, [8, 7, 6, 5, 4, 3, 2]) + 9 * extra) % 23]
}

function passesLithuania(number: string): boolean {
  const digits = digitsOf(number.slice(0, -1))
  const sumFrom = (start: number) => digits.reduce((sum, digit, at) => sum + digit * (1 + ((at + start) % 9)), 0) % 11
  const first = sumFrom(0)
  return (first === 10 ? sumFrom(2) % 10 : first) === lastOf(number)
}

/** Companies have the old check digit, and traders since 2020 two that are made as in IBANs. */
function passesNetherlands(number: string): boolean {
  return weightedBy(number, [9, 8, 7, 6, 5, 4, 3, 2]) % 11 === Number(number.charAt(8)) || remainderOf97(`NL${number}`) === 1
}

function passesRomania(number: string): boolean {
  return ((10 * weightedBy(number.padStart(10, "0"), [7, 5, 3, 2, 1, 7, 5, 3, 2])) % 11) % 10 === lastOf(number)
}

function passesSlovenia(number: string): boolean {
  const check = 11 - (weightedBy(number, [8, 7, 6, 5, 4, 3, 2]) % 11)
  return (check === 10 ? 0 : check) === lastOf(number)
}
