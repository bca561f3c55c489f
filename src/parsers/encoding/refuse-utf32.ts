import { RowgateError } from "../../errors/rowgate-error.ts"

/**
 * Refuses text in UTF-32, which no decoder of the platform reads, before it is mistaken for UTF-16 or for binary data. Fails with
 * `ENCODING_INVALID`.
 */
export function refuseUtf32(head: Uint8Array, uri: string | undefined): void {
  const encoding = utf32Of(head)
  if (encoding === undefined) return
  throw new RowgateError({
    code: "ENCODING_INVALID",
    message: `The text is in ${encoding}, which rowgate cannot read.`,
    remedy: "Save the file as UTF-8.",
    origin: { uri },
  })
}

/** Recognises UTF-32 by its byte order mark, or by two ASCII characters at the beginning, which have three NULs each. */
function utf32Of(head: Uint8Array): "UTF-32LE" | "UTF-32BE" | undefined {
  if (head.length < 4) return undefined
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  if (view.getUint32(0, true) === 0xfeff) return "UTF-32LE"
  if (view.getUint32(0, false) === 0xfeff) return "UTF-32BE"
  if (head.length < 8) return undefined
  if (isAscii(view.getUint32(0, true)) && isAscii(view.getUint32(4, true))) return "UTF-32LE"
  return isAscii(view.getUint32(0, false)) && isAscii(view.getUint32(4, false)) ? "UTF-32BE" : undefined
}

function isAscii(code: number): boolean {
  return (code >= 32 && code < 127) || code === 9 || code === 10 || code === 13
}
