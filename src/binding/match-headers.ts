/**
 * A header as people compare it: only letters and digits, in lower case. `Order No.`, `order_no` and `orderNo` are the same. Marks that belong to a
 * letter stay, because the vowels of many scripts are marks.
 */
export function headerKey(header: string): string {
  return header
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, "")
}

/** A header as someone writes it who has no accents, or only capitals: `Größe` is `GROSSE`, `Łódź` is `Lodz`, `İd` is `id`. */
export function foldedKey(header: string): string {
  return headerKey(
    header
      .normalize("NFKD")
      .replace(/[\u0300-\u036f]/g, "")
      .toUpperCase()
      .replace(/[ÆÐĐĦŁØŒÞ]/g, (letter) => plainLetters[letter] ?? letter),
  )
}

/** Letters of the Latin script that have no accent to take off. */
const plainLetters: { readonly [letter: string]: string } = {
  Æ: "AE",
  Ð: "D",
  Đ: "D",
  Ħ: "H",
  Ł: "L",
  Ø: "O",
  Œ: "OE",
  Þ: "TH",
}

/** The headers that have the same letters and digits as one of the names, with or without accents. */
export function sameHeaders(names: readonly string[], header: readonly string[]): readonly string[] {
  return header.filter((candidate) =>
    [headerKey, foldedKey].some((keyOf) => keyOf(candidate) !== "" && names.some((name) => keyOf(name) === keyOf(candidate))),
  )
}

/** A name that every object inherits, such as `constructor`, has a suffix in a table. */
function written(name: string): readonly string[] {
  return name in Object.prototype || name === "prototype" ? [name, `${name}_column`] : [name]
}

/**
 * Finds the file column of each declared column: by an alias or its own name exactly as written, else by the only header with the same key, and
 * else by the only one with the same key without accents. A header serves one column. A column is left out if no header matches, or if two do.
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
      [name, ...aliases].flatMap(written).find((alias) => header.includes(alias) && !taken.has(alias)),
    )
  for (const keyOf of [headerKey, foldedKey]) {
    const byKey = new Map<string, string[]>()
    for (const candidate of header) byKey.set(keyOf(candidate), [...(byKey.get(keyOf(candidate)) ?? []), candidate])
    for (const { name, aliases } of declared) {
      if (found.has(name)) continue
      // A header of only symbols, such as "%", has no key and must match exactly.
      const keys = new Set([name, ...aliases].map(keyOf).filter((key) => key !== ""))
      const candidates = [...keys].flatMap((key) => byKey.get(key) ?? []).filter((candidate) => !taken.has(candidate))
      if (candidates.length === 1) take(name, candidates[0])
    }
  }
  return found
}
