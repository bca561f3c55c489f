import { type Checksum, mismatch, wrongForm } from "./checksum.ts"

/** How many characters the IBANs of a country have, from the IBAN registry of SWIFT. */
const lengths = new Map(
  (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 " +
    "GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 " +
    "MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 " +
    "XK20 YE30"
  )
    .split(" ")
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))] as const),
)

/** IBANs (ISO 13616, with ISO/IEC 7064 MOD 97-10). */
export const ibanChecksum: Checksum = {
  name: "iban",
  kind: "an IBAN",
  faultOf: (plain) => {
    if (!/^[A-Z]{2}\d{2}[A-Z0-9]{1,30}$/.test(plain)) return wrongForm("it does not begin with a country and two digits")
    const country = plain.slice(0, 2)
    const length = lengths.get(country)
    if (length === undefined) return wrongForm(`${country} is no country that has IBANs`)
    if (length !== plain.length) return wrongForm(`it has ${plain.length} characters, but those of ${country} have ${length}`)
    return remainderOf97(plain.slice(4) + plain.slice(0, 4)) === 1 ? undefined : mismatch
  },
}

/** The remainder by 97 of a number in which letters stand for 10 to 35. */
export function remainderOf97(text: string): number {
  return Array.from(text).reduce((before, letter) => {
    const value = Number.parseInt(letter, 36)
    return (before * (value > 9 ? 100 : 10) + value) % 97
  }, 0)
}
