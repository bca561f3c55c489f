import { dosCodePages } from "./dos-code-pages.ts"

/** Encodings in which each byte from 0x80 is one character, as far as a TextDecoder knows them. */
const names: ReadonlySet<string> = new Set([
  ...["ibm866", "koi8-r", "koi8-u", "macintosh", "x-mac-cyrillic", "windows-874"],
  ...["2", "3", "4", "5", "6", "7", "8", "8-i", "10", "13", "14", "15"].map((part) => `iso-8859-${part}`),
  ...[1250, 1251, 1253, 1254, 1255, 1256, 1257, 1258].map((page) => `windows-${page}`),
])

const upperHalf = Uint8Array.from({ length: 128 }, (_, at) => 128 + at)

/** The characters from 0x80 to 0x9F; the rest is Latin-1. They are listed because some versions of Node treat the two encodings as the same. */
const windows1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ"

/** The characters from 0xA0 to 0xFF. ICU does not have this encoding. */
const iso885916 = "\u00a0ĄąŁ€„Š§š©Ș«Ź\u00adźŻ°±ČłŽ”¶·žčș»ŒœŸżÀÁÂĂÄĆÆÇÈÉÊËÌÍÎÏĐŃÒÓÔŐÖŚŰÙÚÛÜĘȚßàáâăäćæçèéêëìíîïđńòóôőöśűùúûüęțÿ"

/** The 128 characters from 0x80 of a single-byte encoding; undefined for any other encoding. */
export function singleByteTable(encoding: string): string | undefined {
  const latin1 = String.fromCharCode(...upperHalf)
  if (encoding === "windows-1252") return windows1252 + latin1.slice(32)
  if (encoding === "iso-8859-16") return latin1.slice(0, 32) + iso885916
  const dos = dosCodePages.get(encoding)
  if (dos !== undefined) return dos
  return names.has(encoding) ? new TextDecoder(encoding).decode(upperHalf) : undefined
}
