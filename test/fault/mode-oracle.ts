import type { CrashFile, CrashRow } from "rowgate/testing"
import type { Way } from "./loader-settings.ts"

/** The number of existing rows that are not in the file. */
const strangers = 500
/** The suffix of the names in each later file of a history. */
export const laterFiles = [" v2", " v3"] as const
/** One correction in this many cannot be read either. */
const wrongAgain = 10
const correctedAmount = "1.00"

/**
 * Fills a table with rows that the file changes, rows that it leaves unchanged, and rows that it does not have: the file's even rows in another
 * form, every eighth unchanged, and more.
 */
export function rowsBefore(table: string, way: Way, file: CrashFile): string {
  const since = isHistory(way) ? ", valid_from" : ""
  const then = isHistory(way) ? ", '2020-01-01Z'::timestamptz" : ""
  const same = file.rows.filter(({ id }) => isSame(id))
  return `INSERT INTO ${table} (id, name, amount, day${since})
    SELECT id, 'old ' || id, id, DATE '2020-01-01'${then} FROM generate_series(1, ${file.read + strangers}) AS id
    WHERE id % 2 = 0 AND (id % 8 <> 0 OR id > ${file.read} OR id % 100 = 50);
    INSERT INTO ${table} (id, name, amount, day${since}) SELECT id, name, amount, day${then}
    FROM unnest(ARRAY[${same.map(({ id }) => id)}]::int[], ARRAY[${same.map(({ name }) => quoted(name))}]::text[],
                ARRAY[${same.map(({ amount }) => amount)}]::numeric[], ARRAY[${same.map(({ day }) => quoted(dayOf(day)))}]::date[])
      AS s (id, name, amount, day)`
}

/** The rows that the table must have at the end. */
export function rowsExpected(way: Way, file: CrashFile): readonly object[] {
  const now = file.rows.map((row) => plain(row))
  if (way === "append" || way === "replace" || way === "reload") return now
  if (way === "replay") return [...now, ...corrections(file).flatMap(({ row, isGood }) => (isGood ? [plain(row)] : []))]
  const good = new Set(file.rows.map(({ id }) => id))
  const before = oldIds(file).map((id) => ({ id, name: `old ${id}`, amount: `${id}.00`, day: "2020-01-01" }))
  if (way === "upsert") return [...now, ...before.filter(({ id }) => !good.has(id))]
  if (way === "insert-only") {
    const there = new Set(before.map(({ id }) => id))
    return [...now.filter(({ id }) => !there.has(id)), ...before]
  }
  // A rejected row protects its key: the table keeps its row.
  if (way === "delete-missing") return [...now, ...before.filter(({ id }) => !good.has(id) && id <= file.read)]
  const versions = way === "scd2" ? [""] : ["", ...laterFiles]
  const history = versions.flatMap((suffix) => now.map((row) => ({ ...row, name: row.name + suffix, current: suffix === versions.at(-1) })))
  return [...history, ...before.map((row) => ({ ...row, current: !good.has(row.id) }))]
}

/** What a reader of a history sees with `historyLook` between its files. */
export function looksBetween(file: CrashFile): readonly string[] {
  const old = oldIds(file)
  const good = new Set(file.rows.map(({ id }) => id))
  const left = old.filter((id) => !good.has(id)).length
  const first = old.length + file.rows.length
  const second = first + file.rows.length
  const open = left + file.rows.length
  return [`${first} rows, ${open} open, ${left} old, 0 0`, `${second} rows, ${open} open, ${left} old, ${file.rows.length} 0`]
}

/** A history as one value: how many versions it has, and which are open. */
export const historyLook = `count(*) || ' rows, ' || count(*) FILTER (WHERE valid_to IS NULL) || ' open, '
  || count(*) FILTER (WHERE valid_to IS NULL AND name LIKE 'old %') || ' old, '
  || count(*) FILTER (WHERE valid_to IS NULL AND name LIKE '% v2') || ' ' || count(*) FILTER (WHERE valid_to IS NULL AND name LIKE '% v3')`

/** The same file with a suffix on every name. */
export function laterCsv(file: CrashFile, suffix: string): string {
  const [header = "", ...lines] = file.csv.split("\n")
  const later = lines.map((line) =>
    line.replace(/^(\d+,)(?:"((?:[^"]|"")*)"|([^,]*))/, (_, id, inQuotes, bare) =>
      inQuotes === undefined ? `${id}${bare}${suffix}` : `${id}"${inQuotes}${suffix}"`,
    ),
  )
  return [header, ...later].join("\n")
}

/** The corrections that a replay loads for the file's rejects. One in ten is wrong again. */
export function correctionsCsv(file: CrashFile): string {
  const lines = corrections(file).map(
    ({ row: { id, name, day }, isGood }, at) =>
      `${at + 1},${id},"${name.replaceAll('"', '""')}",${isGood ? correctedAmount : "many"},${dayOf(day)}`,
  )
  return ["_reject,id,name,amount,day", ...lines, ""].join("\n")
}

/** How many corrections there are, and how many of them are wrong again. */
export function correctionCounts(file: CrashFile): { readonly read: number; readonly rejected: number } {
  const all = corrections(file)
  return { read: all.length, rejected: all.filter(({ isGood }) => !isGood).length }
}

function corrections(file: CrashFile): readonly { readonly row: CrashRow; readonly isGood: boolean }[] {
  const good = new Set(file.rows.map(({ id }) => id))
  const bad = Array.from({ length: file.read }, (_, at) => at + 1).filter((id) => !good.has(id))
  const day = new Date(Date.UTC(2024, 5, 1))
  return bad.map((id, at) => ({ row: { id, name: `corrected ${id}`, amount: correctedAmount, day }, isGood: at % wrongAgain !== 0 }))
}

export function isHistory(way: Way): boolean {
  return way === "scd2" || way === "scd2 files"
}

function plain({ id, name, amount, day }: CrashRow) {
  return { id, name, amount, day: dayOf(day) }
}

function oldIds(file: CrashFile): readonly number[] {
  const even = Array.from({ length: (file.read + strangers) >> 1 }, (_, at) => 2 * (at + 1))
  return even.filter((id) => id % 8 !== 0 || id > file.read || id % 100 === 50)
}

function isSame(id: number): boolean {
  return id % 8 === 0
}

function dayOf(day: Date): string {
  return day.toISOString().slice(0, 10)
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
