import { maxNameBytes, shortName } from "../../model/short-name.ts"
import type { TableNotice } from "../../model/table-facts.ts"

/** Usable column names, and notices about the changes that were needed. */
export interface HeaderNames {
  readonly names: string[]
  readonly notices: TableNotice[]
}

/** Characters that draw nothing. Two names may look the same and differ in them. */
const invisible = /\p{DI}/u

/** How many characters of a name are examined: a header cell may be a mebibyte long. */
const longestLook = 1024

/** Names that every object inherits, such as `__proto__` and `constructor`. As a column, such a name would shadow or set what code relies on. */
const reserved: ReadonlySet<string> = new Set([...Object.getOwnPropertyNames(Object.prototype), "prototype"])

const noNames: ReadonlySet<string> = new Set()

/**
 * Makes a usable, unique name of each header cell.
 *
 * White space and invisible characters at both ends are removed. Joiners and variation selectors at the end stay, because they shape the letter before
 * them. Line breaks and other control characters become single spaces. A blank name becomes `column_N`, by its position; a repeated name becomes
 * `name_2`; a name of more than 63 bytes is cut; and a name that objects inherit gets the suffix `_column`. The names differ from those in `given`,
 * the names of earlier columns. Each change is a notice (`header.blank`, `header.duplicate`, `header.long`, `header.reserved`), and so are invisible
 * characters that stay (`header.invisible`).
 */
export function nameHeaders(cells: readonly (string | null)[], given: ReadonlySet<string> = noNames): HeaderNames {
  const names: string[] = []
  const notices: TableNotice[] = []
  // Names that are written in the header stay: a generated `name_2` avoids a column that already has this name.
  const written = new Set(cells.map((cell) => tidy(cell ?? "")))
  const taken = new Set<string>()
  // Where counting continues. With sixteen thousand columns of one name, counting from 2 each time would take too long.
  const counted = new Map<string, number>()
  cells.forEach((cell, at) => {
    const wanted = tidy(cell ?? "")
    const usable = shortName(reserved.has(wanted) ? `${wanted}_column` : wanted || `column_${given.size + at + 1}`, "")
    let name = usable
    let n = counted.get(usable) ?? 2
    while (taken.has(name) || given.has(name) || (name !== wanted && written.has(name))) name = shortName(usable, `_${n++}`)
    counted.set(usable, n)
    taken.add(name)
    names.push(name)
    const note = noteOn(wanted, usable, name)
    if (note !== undefined) notices.push({ ...note, message: `Column ${at + 1} ${note.message}; its name is now "${name}".`, column: name })
  })
  return { names, notices }
}

function noteOn(wanted: string, usable: string, name: string): { code: string; message: string } | undefined {
  if (wanted === name)
    return invisible.test(name) ? { code: "header.invisible", message: "has invisible characters in its name" } : undefined
  if (wanted === "") return { code: "header.blank", message: "has no name" }
  if (reserved.has(wanted)) return { code: "header.reserved", message: `has the reserved name "${wanted}"` }
  if (usable === wanted) return { code: "header.duplicate", message: `repeats the name "${wanted}"` }
  return { code: "header.long", message: `has a name of more than ${maxNameBytes} bytes` }
}

function tidy(cell: string): string {
  return cell
    .trim()
    .slice(0, longestLook)
    .replace(/[\u0000-\u0020\u007f-\u00a0\u2028\u2029\ufeff]+/gu, " ")
    .replace(/^[ \p{DI}]+/u, "")
    .replace(/(?:(?!\u200c|\u200d|\p{VS})[ \p{DI}])+$/u, "")
    .replace(/\p{Surrogate}/gu, "\ufffd")
    .trim()
}
