/** Whether a range holds nothing but white space: ASCII spaces and controls up to 0x20, and the no-break space U+00A0. */
export function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0
    if (byte > 32 && !(byte === 0xa0 && bytes[at - 1] === 0xc2) && !(byte === 0xc2 && bytes[at + 1] === 0xa0)) return false
  }
  return true
}
