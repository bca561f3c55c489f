/**
 * Characters that people do not see: controls (C0, DEL, C1), marks of direction, fillers, variation selectors and other characters without ink, the
 * line ends of Unicode, halves of surrogate pairs.
 */
export const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

const named: { readonly [character: string]: string } = { "\t": "\\t", "\n": "\\n", "\r": "\\r" }

/** An unseen character spelled out, such as `\x1b`. */
export function spelled(character: string): string {
  const code = character.codePointAt(0) ?? 0
  if (code > 0xffff) return `\\u{${code.toString(16)}}`
  return named[character] ?? (code > 0xff ? `\\u${hex(code, 4)}` : `\\x${hex(code, 2)}`)
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0")
}
