import type { CrashFile } from "rowgate/testing"
import type { LoaderSettings } from "./loader-settings.ts"

type Mode = LoaderSettings["mode"]

/** Rows that are no row of the file. */
const strangers = 500

/** Fills a table with what a file changes, leaves alone and does not know: its even rows in another form, every eighth as it is, and others. */
export function rowsBefore(table: string, mode: Mode, file: CrashFile): string {
  const since = mode === "scd2" ? ", valid_from" : ""
  const then = mode === "scd2" ? ", '2020-01-01Z'::timestamptz" : ""
  const same = file.rows.filter(({ id }) => isSame(id))
  return `INSERT INTO ${table} (id, name, amount, day${since})
    SELECT id, 'old ' || id, id, DATE '2020-01-01'${then} FROM generate_series(1, ${file.read + strangers}) AS id
    WHERE id % 2 = 0 AND (id % 8 <> 0 OR id > ${file.read} OR id % 100 = 50);
    INSERT INTO ${table} (id, name, amount, day${since}) SELECT id, name, amount, day${then}
    FROM unnest(ARRAY[${same.map(({ id }) => id)}]::int[], ARRAY[${same.map(({ name }) => quoted(name))}]::text[],
                ARRAY[${same.map(({ amount }) => amount)}]::numeric[], ARRAY[${same.map(({ day }) => quoted(dayOf(day)))}]::date[])
      AS s (id, name, amount, day)`
}

/** What the table must hold at the end. */
export function rowsExpected(mode: Mode, file: CrashFile): readonly object[] {
  const now = file.rows.map(({ id, name, amount, day }) => ({
    id,
    name,
    amount,
    day: dayOf(day),
    ...(mode === "scd2" ? { current: true } : {}),
  }))
  if (mode === "append" || mode === "replace") return now
  const good = new Set(file.rows.map(({ id }) => id))
  const before = oldIds(file).map((id) => ({ id, name: `old ${id}`, amount: `${id}.00`, day: "2020-01-01" }))
  if (mode === "upsert") return [...now, ...before.filter(({ id }) => !good.has(id))]
  // A rejected row speaks for its key: what the table has of it stays.
  if (mode === "delete-missing") return [...now, ...before.filter(({ id }) => !good.has(id) && id <= file.read)]
  return [...now, ...before.map((row) => ({ ...row, current: !good.has(row.id) }))]
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
