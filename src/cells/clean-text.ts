/** Which parts of a text are cleaned. */
export interface CleanOptions {
  /** Whether a run of white space, with line ends and the spaces of Unicode, becomes one blank. Default: true. */
  readonly spaces?: boolean | undefined
  /**
   * Whether characters that nobody sees are removed: zero-width spaces, soft hyphens, marks of direction and control characters. Joiners stay where
   * a script or an emoji needs them. Default: true.
   */
  readonly invisible?: boolean | undefined
  /** Whether typographic quotes and apostrophes become `"` and `'`. Default: true. */
  readonly quotes?: boolean | undefined
  /** The Unicode normal form. `"NFKC"` also replaces ligatures, full-width letters and superscripts. Default: `"NFC"`. */
  readonly form?: "NFC" | "NFKC" | "none" | undefined
}

/** What `String.prototype.trim` removes, and the line end NEL. */
const spaces = /[\s\x85]+/g
/** Control characters that are not white space, and format characters that change nothing but the look of a line, or not even that. */
const invisible = /[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g
const joiners = /[\u200c\u200d]/
/** A letter of these scripts changes its form before a joiner. */
const joining =
  /[\p{sc=Arab}\p{sc=Syrc}\p{sc=Mong}\p{sc=Nkoo}\p{sc=Deva}\p{sc=Beng}\p{sc=Guru}\p{sc=Gujr}\p{sc=Orya}\p{sc=Taml}\p{sc=Telu}\p{sc=Knda}\p{sc=Mlym}\p{sc=Sinh}\p{sc=Khmr}\p{sc=Mymr}\p{sc=Tibt}]/u
const pictograph = /\p{Extended_Pictographic}/u
const afterPictograph = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f/u
const doubleQuotes = /[\u201c-\u201f\u00ab\u00bb\u301d-\u301f\uff02]/g
const singleQuotes = /[\u2018-\u201b\u2039\u203a\uff07]/g

/** Makes the cleaner of a text. Cleaning twice is cleaning once. It does not trim, but it may leave a blank at an end. */
export function textCleaner(options: CleanOptions): (text: string) => string {
  const { spaces: joinsSpaces = true, invisible: dropsInvisible = true, quotes = true, form = "NFC" } = options
  return (given) => {
    let text = given
    if (dropsInvisible) text = withoutNeedlessJoiners(text.replace(invisible, ""))
    // A character between a letter and its accent is gone by now. The form may make blanks, and quotes of full width.
    if (form !== "none") text = text.normalize(form)
    if (quotes) text = text.replace(doubleQuotes, '"').replace(singleQuotes, "'")
    return joinsSpaces ? text.replace(spaces, " ") : text
  }
}

function withoutNeedlessJoiners(text: string): string {
  if (!joiners.test(text)) return text
  const letters = [...text]
  let kept = ""
  let before = ""
  letters.forEach((letter, at) => {
    const isJoiner = letter === "\u200c" || letter === "\u200d"
    const joins = joining.test(before) || (letter === "\u200d" && afterPictograph.test(before) && pictograph.test(letters[at + 1] ?? ""))
    if (isJoiner && !joins) return
    kept += letter
    before = letter
  })
  return kept
}
