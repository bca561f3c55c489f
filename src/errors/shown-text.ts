const mostShown = 100

/** A cell, name or key for a message. Long text is shortened, because messages are stored and read by people. */
export function shownText(text: string, most: number = mostShown): string {
  if (text.length <= most) return text
  const last = text.charCodeAt(most - 1)
  return `${text.slice(0, last >= 0xd800 && last < 0xdc00 ? most - 1 : most)}…`
}
