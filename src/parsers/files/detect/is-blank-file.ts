import type { SourceFile } from "../../../contract/source.ts"

/** Tab, line ends, blank, the NULs of UTF-16 and the byte order marks. */
const blanks: ReadonlySet<number> = new Set([0, 9, 10, 13, 32, 0xef, 0xbb, 0xbf, 0xfe, 0xff])

/** Whether a file has no bytes, or none but blanks. */
export async function isBlankFile(file: SourceFile): Promise<boolean> {
  for await (const piece of file.stream()) for (const byte of piece) if (!blanks.has(byte)) return false
  return true
}
