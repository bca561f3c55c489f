/** JSON of any value, for hashing. A bigint, which JSON lacks, is written as `"10n"`. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === "bigint" ? `${part}n` : part)) ?? ""
}
