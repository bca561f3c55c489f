import { RowgateError } from "../../errors/rowgate-error.ts"

/** The least text that shows that it is not in UTF-16. */
const leastBytes = 8

/**
 * Refuses text that was declared to be in UTF-16, but is ASCII: each ASCII character of UTF-16, such as a delimiter or a line end, has a NUL. Fails with
 * `ENCODING_INVALID`.
 */
export function refuseNarrowText(head: Uint8Array, declared: string, uri: string | undefined): void {
  if (!declared.startsWith("utf-16") || head.length < leastBytes || head.some((byte) => byte === 0 || byte > 127)) return
  throw new RowgateError({
    code: "ENCODING_INVALID",
    message: `The text is declared to be in ${declared}, but it begins with ${head.length} bytes of ASCII.`,
    remedy: "Leave out encoding in csv({ encoding }), or name the encoding that the file has.",
    origin: { uri },
  })
}
