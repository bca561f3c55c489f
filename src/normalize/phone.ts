import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from "libphonenumber-js/max"
import { quoted } from "../cells/readers/quoted.ts"
import { type TextFault, TextMapReader } from "../cells/readers/text-map-reader.ts"
import { checkOptions } from "../options/check-options.ts"
import { kind } from "../options/option-kinds.ts"
import { columnNormalizer, type Normalizer } from "./normalizer.ts"

/** Options of `phone`. */
export interface PhoneOptions {
  /** The country of numbers without a country code, as an ISO 3166 code such as `"DE"`. Default: none, so that they fail. */
  readonly country?: CountryCode | undefined
}

/**
 * Reads phone numbers and returns them in the form E.164: `030 / 90 18 20` in Germany becomes `"+4930901820"`. A text that is no valid number of its
 * country fails its row (`phone.unreadable`), and so does a number with an extension, which E.164 cannot hold.
 */
export function phone(options: PhoneOptions = {}): Normalizer<string | null> {
  checkOptions("phone()", options, { country: countryKind })
  const reader = new TextMapReader((text) => phoneNumber(text, options.country))
  return columnNormalizer<string>("phone", "text", reader, { kind: "text" })
}

const countryKind = kind<CountryCode>(
  'the ISO 3166 code of a country, such as "DE"',
  (value) => typeof value === "string" && isSupportedCountry(value),
)

function phoneNumber(text: string, country: CountryCode | undefined): string | TextFault {
  const number = parsePhoneNumberFromString(text, { extract: false, ...(country === undefined ? {} : { defaultCountry: country }) })
  if (number?.isValid() !== true) return unreadable(text, country)
  if (number.ext === undefined) return number.number
  return {
    code: "phone.unreadable",
    message: `The phone number ${quoted(text)} has an extension, which the form E.164 cannot hold.`,
    suggestion: `If extensions do not matter, remove them before rowgate reads the file: ${number.number}.`,
  }
}

function unreadable(text: string, country: CountryCode | undefined): TextFault {
  const isLocal = country === undefined && /^[\d\s()/.-]{5,30}$/.test(text)
  return {
    code: "phone.unreadable",
    message: `${quoted(text)} is not a phone number${country === undefined ? " with a country code" : ""}.`,
    suggestion: isLocal ? 'Declare the country of numbers without a country code, as in phone({ country: "DE" }).' : undefined,
  }
}
