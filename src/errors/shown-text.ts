const mostShown = 100

/** A text of a file as messages show it: a cell, a name, a key. It is cut where it is long: messages are stored, and read by people. */
export function shownText(text: string): string {
  if (text.length <= mostShown) return text
  const last = text.charCodeAt(mostShown - 1)
  return `${text.slice(0, last >= 0xd800 && last < 0xdc00 ? mostShown - 1 : mostShown)}…`
}
