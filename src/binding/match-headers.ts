/** A header as people compare it: only letters and digits, in lower case. `Order No.`, `order_no` and `orderNo` are the same. */
export function headerKey(header: string): string {
  return header
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "")
}

/**
 * Finds the file column of each declared column: by an alias or its own name exactly as written, or else by the only header with the same key. A
 * header serves one column. A column is left out if no header matches, or if two do.
 */
export function matchHeaders(
  declared: readonly { readonly name: string; readonly aliases: readonly string[] }[],
  header: readonly string[],
): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  const taken = new Set<string>()
  const take = (name: string, match: string | undefined) => {
    if (match === undefined || taken.has(match)) return
    found.set(name, match)
    taken.add(match)
  }
  for (const { name, aliases } of declared)
    take(
      name,
      [name, ...aliases].find((alias) => header.includes(alias) && !taken.has(alias)),
    )
  for (const { name, aliases } of declared) {
    if (found.has(name)) continue
    // A header of only symbols, such as "%", has no key and must match exactly.
    const keys = new Set([name, ...aliases].map(headerKey).filter((key) => key !== ""))
    const candidates = header.filter((candidate) => !taken.has(candidate) && keys.has(headerKey(candidate)))
    if (candidates.length === 1) take(name, candidates[0])
  }
  return found
}
