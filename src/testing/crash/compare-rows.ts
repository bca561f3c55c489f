/**
 * Describes how two sets of rows differ, in one sentence for each kind of difference. Rows are equal if all columns of the expected row are, as
 * text.
 */
export function compareRows(expected: Iterable<object>, actual: Iterable<object>): readonly string[] {
  const open = new Map<string, number>()
  let columns: readonly string[] | undefined
  for (const row of expected) {
    columns ??= Object.keys(row)
    const text = textOf(row, columns)
    open.set(text, (open.get(text) ?? 0) + 1)
  }
  const known = new Set(open.keys())
  const twice: string[] = []
  const strange: string[] = []
  for (const row of actual) {
    const text = textOf(row, columns ?? Object.keys(row))
    const left = open.get(text) ?? 0
    if (left > 1) open.set(text, left - 1)
    else if (left === 1) open.delete(text)
    else if (known.has(text)) twice.push(text)
    else strange.push(text)
  }
  return [told("are missing", [...open.keys()]), told("are there more than once", twice), told("should not be there", strange)].flat()
}

function told(what: string, rows: readonly string[]): readonly string[] {
  return rows.length === 0 ? [] : [`${rows.length} rows ${what}, such as ${rows[0]}`]
}

function textOf(row: object, columns: readonly string[]): string {
  const cells = new Map(Object.entries(row))
  return columns.map((column) => cellText(cells.get(column))).join("|")
}

function cellText(cell: unknown): string {
  return cell instanceof Date ? cell.toISOString().slice(0, 10) : String(cell ?? null)
}
