/** JSON of any value, for hashing: a bigint, which JSON cannot say, is written as `"10n"`. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === "bigint" ? `${part}n` : part)) ?? ""
}
