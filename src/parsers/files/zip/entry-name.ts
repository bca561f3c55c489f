import { isUtf8 } from "node:buffer"
import { crc32 } from "node:zlib"
import { shownText } from "../../../errors/shown-text.ts"
import { codePage437 } from "../../encoding/dos-code-pages.ts"

const utf8Flag = 0x800

/** An entry's name, with forward slashes. `unicode` is its field 0x7075, if it has one. */
export function entryName(raw: Buffer, flags: number, unicode: Buffer | undefined): string {
  return decoded(raw, flags, unicode).replaceAll("\\", "/")
}

/** Why a name must not be used as a path; undefined if it may be. */
export function nameFault(name: string): string | undefined {
  if (/^(?:[a-zA-Z]:|\/)/.test(name)) return `absolute path: ${shownText(name)}`
  if (name.split("/").includes("..")) return `relative path: ${shownText(name)}`
  return undefined
}

/** A name that is not marked as UTF-8 should be in code page 437 (APPNOTE 6.3.10, appendix D), but many writers forget the mark. */
function decoded(raw: Buffer, flags: number, unicode: Buffer | undefined): string {
  if ((flags & utf8Flag) !== 0 || isUtf8(raw)) return raw.toString("utf8")
  // §4.6.9: version 1, the CRC of the name that it replaces, the name. If the CRC is that of another name, the entry was renamed later.
  if (unicode !== undefined && unicode.length > 5 && unicode[0] === 1 && unicode.readUInt32LE(1) === crc32(raw))
    return unicode.toString("utf8", 5)
  let name = ""
  for (const byte of raw) name += byte < 128 ? String.fromCharCode(byte) : codePage437.charAt(byte - 128)
  return name
}
