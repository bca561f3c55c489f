const named: { readonly [name: string]: string } = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" }

/**
 * Text of an XML document as its author meant it: references replaced once, line ends as XML 1.0 §2.11 has them.
 *
 * A reference that is none stays as it stands; without a DTD, which is refused, none but the five and the numeric ones can be defined.
 */
export function xmlText(raw: string): string {
  const lines = raw.includes("\r") ? raw.replace(/\r\n?/g, "\n") : raw
  return lines.includes("&") ? lines.replace(/&(?:#(\d{1,8})|#x([0-9a-f]{1,8})|(amp|lt|gt|quot|apos));/gi, reference) : lines
}

/** A text whose escapes of the form `_xHHHH_` are undone, once (ST_Xstring, ECMA-376 part 1, 22.9.2.19): names of sheets and tables are such. */
export function unescaped(text: string): string {
  return text.replace(/_x([0-9a-f]{4})_/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

function reference(all: string, decimal: string | undefined, hex: string | undefined, name: string | undefined): string {
  if (name !== undefined) return named[name] ?? all
  const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal)
  // Halves of a character may come as two references: put together they are one.
  return code <= 0xffff ? String.fromCharCode(code) : code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd"
}
