import { RowgateError } from "../../errors/rowgate-error.ts"

/**
 * The canonical name of an encoding. It accepts any name of the WHATWG Encoding Standard (`latin1` is `windows-1252`), ISO-8859-16, and the DOS
 * code pages 437, 850, 852, 857 and 858. Throws `CONFIG_INVALID` if the name is unknown.
 */
export function encodingName(label: string): string {
  if (/^\s*iso-?8859-?16\s*$/i.test(label)) return "iso-8859-16"
  const dos = dosCodePageName(label)
  if (dos !== undefined) return dos
  try {
    return new TextDecoder(label).encoding
  } catch (cause) {
    throw new RowgateError({
      code: "CONFIG_INVALID",
      message: `The encoding "${label}" is unknown.`,
      remedy:
        "Use a name of the WHATWG Encoding Standard, such as utf-8, utf-16le, windows-1252 or shift_jis, or a DOS code page such as cp850.",
      cause,
    })
  }
}

/** The canonical name of a DOS code page by any of its usual names: `cp850`, `IBM-850`, `850`. Undefined for any other name. */
function dosCodePageName(label: string): string | undefined {
  const page = /^\s*(?:ibm|cp|dos|oem)?[-_ ]?0*(437|850|852|857|858)\s*$/i.exec(label)?.[1]
  return page && `ibm${page}`
}
