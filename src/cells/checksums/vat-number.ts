import { type Checksum, type ChecksumFault, mismatch, wrongForm } from "./checksum.ts"
import { vatCountries } from "./vat-countries.ts"

/** VAT numbers of the European Union. `home` is the prefix of the numbers that have none. */
export function vatChecksum(home?: string): Checksum {
  return { name: "vatNumber", kind: "a VAT number", faultOf: (plain) => faultOf(plain.replaceAll(".", ""), home) }
}

function faultOf(plain: string, home: string | undefined): ChecksumFault | undefined {
  // Greek numbers often begin with the code of ISO 3166.
  const prefix = plain.startsWith("GR") ? "EL" : plain.slice(0, 2)
  const isLetters = /^[A-Z]{2}/.test(prefix)
  const country = vatCountries.get(isLetters || home === undefined ? prefix : home)
  if (country === undefined)
    return wrongForm(isLetters ? `${prefix} is no country of the European Union` : "it does not begin with a country")
  const number = isLetters ? plain.slice(2) : plain
  if (!country.form.test(number)) return wrongForm(`those of ${isLetters ? prefix : home} have ${country.length}`)
  return country.passes(number) ? undefined : mismatch
}
