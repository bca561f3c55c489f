const hyphen = 45
/** Digits before which the usual form has a hyphen. */
const hyphenBefore: ReadonlySet<number> = new Set([8, 12, 16, 20])

/** Writes the 16 bytes of a uuid like `a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11`. False for any other form, which the server may still accept as text. */
export function writeUuid(text: Uint8Array, start: number, end: number, out: Uint8Array, at: number): boolean {
  if (end - start !== 36) return false
  let from = start
  for (let digit = 0; digit < 32; digit += 2) {
    if (hyphenBefore.has(digit) && text[from++] !== hyphen) return false
    const value = (hexValue(text[from++] as number) << 4) | hexValue(text[from++] as number)
    if (value < 0) return false
    out[at++] = value
  }
  return true
}

/** The text of 16 bytes, as PostgreSQL writes it. */
export function uuidText(bytes: DataView, at: number): string {
  let text = ""
  for (let digit = 0; digit < 32; digit += 2) {
    if (hyphenBefore.has(digit)) text += "-"
    text += bytes
      .getUint8(at + digit / 2)
      .toString(16)
      .padStart(2, "0")
  }
  return text
}

/** -1 if the byte is not a hexadecimal digit. */
function hexValue(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48
  const letter = byte | 32
  return letter >= 97 && letter <= 102 ? letter - 87 : -1
}
