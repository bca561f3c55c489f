const named: { readonly [name: string]: string } = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" }

/**
 * Decodes text of an XML document: replaces references once, and normalizes line ends as in XML 1.0 §2.11.
 *
 * Any other "&" stays in the text. DTDs are refused, so only the five predefined entities and numeric references exist.
 */
export function xmlText(raw: string): string {
  const lines = raw.includes("\r") ? raw.replace(/\r\n?/g, "\n") : raw
  return lines.includes("&") ? lines.replace(/&(?:#(\d{1,8})|#x([0-9a-f]{1,8})|(amp|lt|gt|quot|apos));/gi, reference) : lines
}

/** Decodes escapes of the form `_xHHHH_` once (ST_Xstring, ECMA-376 part 1, 22.9.2.19). Names of sheets and tables contain them. */
export function unescaped(text: string): string {
  return text.replace(/_x([0-9a-f]{4})_/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

function reference(all: string, decimal: string | undefined, hex: string | undefined, name: string | undefined): string {
  if (name !== undefined) return named[name] ?? all
  const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal)
  // Two references may be the two surrogates of one character. Concatenating them gives the character.
  return code <= 0xffff ? String.fromCharCode(code) : code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd"
}
