import { textCleaner } from "./clean-text.ts"

const clean = /* @__PURE__ */ textCleaner({ spaces: false })

/** A text as a word to look up: without case, white space and invisible characters, and on request without accents. */
export function foldedText(text: string, { accents }: { readonly accents: boolean }): string {
  // Upper case first, because the small letters of "ß" and "SS" differ.
  const folded = clean(text).replace(/\s+/g, "").toUpperCase().toLowerCase()
  return accents
    ? folded.normalize("NFC")
    : folded
        .normalize("NFD")
        .replace(/\p{M}+/gu, "")
        .normalize("NFC")
}
