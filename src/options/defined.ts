/** The options without those that are undefined, which count as not given and must not override others. */
export function defined<O extends object>(options: O | undefined): { [K in keyof O]?: Exclude<O[K], undefined> } {
  const given = Object.entries(options ?? {}).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given) as { [K in keyof O]?: Exclude<O[K], undefined> }
}
