import { toUtf8 } from "./to-utf8.ts"

/** What a line of the text would be in another encoding. */
export interface OtherReading {
  readonly encoding: string
  /** The first line that differs, counted from 1. */
  readonly line: number
  readonly text: string
  /** The line in the encoding that was taken. */
  readonly instead: string
}

const mostReadings = 2
const shown = 60
const around = 20
/** Of longer lines, only the beginning is compared, which many encodings may have to decode. */
const mostBytes = 4096

/** Finds the first line of a text that each of the other encodings reads differently, for the first two that do. */
export function otherReadings(bytes: Uint8Array, encoding: string, others: readonly string[]): readonly OtherReading[] {
  const lines = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString("latin1")
    .split(/\r\n|\n|\r/)
  const found: OtherReading[] = []
  for (const other of others) {
    if (found.length === mostReadings) break
    for (const [at, whole] of lines.entries()) {
      const line = whole.slice(0, mostBytes)
      if (!/[\u0080-\u00ff]/.test(line)) continue
      const instead = read(line, encoding)
      const text = read(line, other)
      if (text === instead) continue
      found.push({ encoding: other, line: at + 1, ...cut(text, instead) })
      break
    }
  }
  return found
}

/** The part of two lines around their first difference. */
function cut(text: string, instead: string): { readonly text: string; readonly instead: string } {
  if (text.length <= shown && instead.length <= shown) return { text, instead }
  let same = 0
  while (same < text.length && text.charCodeAt(same) === instead.charCodeAt(same)) same++
  const part = (line: string) => {
    const from = boundary(line, Math.max(0, same - around))
    const to = boundary(line, from + shown)
    return `${from > 0 ? "…" : ""}${line.slice(from, to)}${to < line.length ? "…" : ""}`
  }
  return { text: part(text), instead: part(instead) }
}

/** A place at or just before this one that divides no pair of surrogates. */
function boundary(text: string, at: number): number {
  const code = text.charCodeAt(at)
  return code >= 0xdc00 && code < 0xe000 ? at - 1 : Math.min(at, text.length)
}

function read(line: string, encoding: string): string {
  const bytes = Buffer.from(line, "latin1")
  const converter = toUtf8(encoding)
  return converter === undefined ? bytes.toString() : Buffer.concat([converter.convert(bytes), converter.finish()]).toString()
}
