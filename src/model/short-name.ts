/** PostgreSQL silently cuts a name to 63 bytes. A name that fits is the same everywhere. */
export const maxNameBytes = 63

/** The name with a suffix, cut between characters to fit both. */
export function shortName(name: string, suffix = ""): string {
  const room = maxNameBytes - suffix.length
  if (name.length <= room && Buffer.byteLength(name) <= room) return name + suffix
  const bytes = Buffer.from(name.slice(0, maxNameBytes))
  let end = Math.min(room, bytes.length)
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return bytes.toString("utf8", 0, end).trimEnd() + suffix
}
