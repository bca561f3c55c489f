import type { TableNotice } from "../../model/table-facts.ts"

/** Usable column names, and what was changed to make them so. */
export interface HeaderNames {
  readonly names: string[]
  readonly notices: TableNotice[]
}

/** PostgreSQL keeps 63 bytes of a name and cuts the rest in silence; a name that fits is the same name everywhere. */
const maxNameBytes = 63

/** No more of a name is looked at: a header cell may be a mebibyte. */
const longestLook = 1024

/** What every object answers to, `__proto__` and `constructor` among it: as a column it would shadow, or set, what code relies on. */
const reserved: ReadonlySet<string> = new Set([...Object.getOwnPropertyNames(Object.prototype), "prototype"])

const noNames: ReadonlySet<string> = new Set()

/**
 * Makes one usable, unique name of each header cell.
 *
 * Names are trimmed, and line breaks and other control characters in them become single spaces. A blank one is called `column_N` after its
 * position, a repeated one `name_2`, one of more than 63 bytes is cut, and one that an object's prototype answers to gets `_column` appended.
 * The names are others than the given ones, which stand before them.
 * Each such change is a notice (`header.blank`, `header.duplicate`, `header.long`, `header.reserved`).
 */
export function nameHeaders(cells: readonly (string | null)[], given: ReadonlySet<string> = noNames): HeaderNames {
  const names: string[] = []
  const notices: TableNotice[] = []
  // Names that stand in the header keep themselves: a made-up `name_2` goes round a column that is really called so.
  const written = new Set(cells.map((cell) => tidy(cell ?? "")))
  const taken = new Set<string>()
  // Where to go on counting: sixteen thousand columns of one name are not to be counted from 2 each time.
  const counted = new Map<string, number>()
  cells.forEach((cell, at) => {
    const wanted = tidy(cell ?? "")
    const usable = shorten(reserved.has(wanted) ? `${wanted}_column` : wanted || `column_${given.size + at + 1}`, "")
    let name = usable
    let n = counted.get(usable) ?? 2
    while (taken.has(name) || given.has(name) || (name !== wanted && written.has(name))) name = shorten(usable, `_${n++}`)
    counted.set(usable, n)
    taken.add(name)
    names.push(name)
    const note = noteOn(wanted, usable, name)
    if (note !== undefined) notices.push({ ...note, message: `Column ${at + 1} ${note.message}; it is called "${name}".`, column: name })
  })
  return { names, notices }
}

function noteOn(wanted: string, usable: string, name: string): { code: string; message: string } | undefined {
  if (wanted === name) return undefined
  if (wanted === "") return { code: "header.blank", message: "has no name" }
  if (reserved.has(wanted)) return { code: "header.reserved", message: `bears the reserved name "${wanted}"` }
  if (usable === wanted) return { code: "header.duplicate", message: `repeats the name "${wanted}"` }
  return { code: "header.long", message: `has a name of more than ${maxNameBytes} bytes` }
}

function tidy(cell: string): string {
  return cell
    .trim()
    .slice(0, longestLook)
    .replace(/[\u0000-\u0020\u007f-\u00a0\u2028\u2029\ufeff]+/gu, " ")
    .replace(/\p{Surrogate}/gu, "\ufffd")
    .trim()
}

/** The name with a suffix, cut between characters so that both fit. */
function shorten(name: string, suffix: string): string {
  const room = maxNameBytes - suffix.length
  if (name.length <= room && Buffer.byteLength(name) <= room) return name + suffix
  const bytes = Buffer.from(name.slice(0, maxNameBytes))
  let end = Math.min(room, bytes.length)
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return bytes.toString("utf8", 0, end).trimEnd() + suffix
}
