/** Letters, signs and emoji that take two columns of a terminal. */
const wide =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u
/** Katakana of half a width. */
const narrow = /[\uff61-\uff9f]/
/** Marks that are drawn over the letter before them. */
const marks = /\p{M}/u

/** How many columns of a terminal a text takes. It must hold no controls. */
export function displayWidth(text: string): number {
  // Most texts are ASCII.
  if (/^[\x20-\x7e]*$/.test(text)) return text.length
  let width = 0
  for (const character of text) width += widthOf(character)
  return width
}

/** The text cut to at most so many columns, with an ellipsis if something is missing. */
export function cutToWidth(text: string, most: number): string {
  if (displayWidth(text) <= most) return text
  let width = 1
  let cut = ""
  for (const character of text) {
    width += widthOf(character)
    if (width > most) break
    cut += character
  }
  return most < 1 ? "" : `${cut}…`
}

/** The text followed by blanks, so that it takes so many columns. */
export function padToWidth(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - displayWidth(text)))
}

function widthOf(character: string): number {
  if (character <= "\x7e") return 1
  if (marks.test(character)) return 0
  return wide.test(character) && !narrow.test(character) ? 2 : 1
}
