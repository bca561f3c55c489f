/** Words behind numbers: units of measure, and the two sides of an account. */
const units: ReadonlySet<string> = new Set([
  ...["mg", "g", "kg", "t", "lb", "lbs", "oz", "ml", "cl", "l", "L", "hl", "gal", "mm", "cm", "m", "km", "in", "ft", "yd", "mi"],
  ...["m²", "m2", "m³", "m3", "km²", "km2", "ha", "ms", "s", "sec", "min", "h", "hr", "hrs", "d", "day", "days"],
  ...["W", "kW", "MW", "Wh", "kWh", "MWh", "V", "kV", "A", "mA", "Hz", "kHz", "MHz", "GHz", "bar", "Pa", "hPa", "kPa", "°C", "°F", "K"],
  ...["B", "KB", "kB", "MB", "GB", "TB", "KiB", "MiB", "GiB", "TiB", "pcs", "pc", "Stk", "Stk.", "Stück", "St.", "st", "bps", "pp"],
  ...["k", "M", "Mio", "Mio.", "Mrd", "Mrd.", "mn", "bn", "CR", "DR", "Cr", "Dr", "Cr.", "Dr.", "cr", "dr", "C", "D", "H", "S", "°", "‰"],
])

const withUnit = /^[-+\u2212(]?\d[\d.,'\u2019 \u00a0\u2009\u202f]{0,24}?([ \u00a0\u2009\u202f]?)([\p{L}°‰]{1,6}[23²³.]?)$/u

/** The unit of a number such as `12 kg` or `450.00 CR`. Undefined for any other text. */
export function unitOf(text: string): string | undefined {
  const [, blank, unit = ""] = text.length > 40 ? [] : (withUnit.exec(text) ?? [])
  // Without a blank, a single letter may be part of a number of a house or a seat: 12A.
  return units.has(unit) && (blank !== "" || unit.length > 1) ? unit : undefined
}

const otherNumber = /^[-+\u2212]?\p{Nd}[\p{Nd}.,\u066b\u066c\uff0c\uff0e' \u00a0\u2009\u202f]{0,40}$/u

/** Whether a text without the digits 0 to 9 is a number in those of another script, or in full-width ones. */
export function isOtherNumber(bytes: Buffer, start: number, end: number): boolean {
  if (end - start > 80 || ((bytes[start] as number) < 0x80 && (bytes[start] as number) >= 48)) return false
  return otherNumber.test(bytes.toString("utf8", start, end))
}
