/** How a part of a line looks where a person reads it. */
export type Style = keyof typeof codes

/** A part of a line with a style. */
export interface Span {
  readonly text: string
  readonly style: Style
}

/** One line of output: plain text, or parts of which some have a style. */
export type Line = string | readonly (string | Span)[]

/** The parameters of the escape sequence SGR that begin and end a style. */
const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const

/** The text with the escape sequences of a style around it. */
export function painted(text: string, style: Style): string {
  const [begin, end] = codes[style]
  return `\x1b[${begin}m${text}\x1b[${end}m`
}

/**
 * Whether a stream gets colour. FORCE_COLOR decides, as it does in Node; without it, NO_COLOR (any text) and TERM=dumb turn colour off, and
 * only a terminal gets it.
 */
export function hasColour(isTTY: boolean, env: { readonly [name: string]: string | undefined }): boolean {
  const { FORCE_COLOR: forced, NO_COLOR: none, TERM: terminal } = env
  if (forced !== undefined) return forced !== "0" && forced !== "false"
  return isTTY && (none === undefined || none === "") && terminal !== "dumb"
}
