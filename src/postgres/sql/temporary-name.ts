let made = 0

/** A new name for a temporary object, with its schema. A delivery may need several objects of one purpose. */
export function temporaryName(purpose: string): string {
  made++
  return `pg_temp.rowgate_${purpose}_${made}`
}
