const dayMs = 86_400_000
const days = new Map<number, string>()

/** `YYYY-MM-DD`, with ` BC` for years before 1, as PostgreSQL reads it. */
export function dayText(ms: number): string {
  const day = Math.floor(ms / dayMs)
  const known = days.get(day)
  if (known !== undefined) return known
  // A column of dates usually repeats a few thousand days.
  if (days.size >= 16_384) days.clear()
  const { date, era } = parts(day * dayMs)
  days.set(day, date + era)
  return date + era
}

/** `YYYY-MM-DD HH:MM:SS[.ffffff]+00`. */
export function instantText(ms: number): string {
  let whole = Math.floor(ms)
  let micros = Math.round((ms - whole) * 1000)
  if (micros === 1000) {
    whole++
    micros = 0
  }
  const { date, time, era } = parts(whole)
  if (micros === 0) return `${date} ${time}+00${era}`
  return `${date} ${time.length === 8 ? `${time}.000` : time}${String(micros).padStart(3, "0")}+00${era}`
}

/** Whether an instant has no time of day. */
export function isMidnight(ms: number): boolean {
  return ms % dayMs === 0
}

function parts(ms: number): { readonly date: string; readonly time: string; readonly era: string } {
  const iso = new Date(ms).toISOString()
  const split = iso.indexOf("T")
  const year = new Date(ms).getUTCFullYear()
  const time = iso.slice(split + 1, -1).replace(/\.000$/, "")
  const astronomical = year > 0 ? year : 1 - year
  const date = `${String(astronomical).padStart(4, "0")}${iso.slice(split - 6, split)}`
  return { date, time, era: year > 0 ? "" : " BC" }
}
