/** Names that no property should have: those of the prototype, and those that the text of a contract uses. */
const reserved = new Set([...Object.getOwnPropertyNames(Object.prototype), "z", "cell", "check", "Number", "Math", "Date"])
const keywords = new Set(
  "arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof undefined var void while with yield".split(
    " ",
  ),
)

/** A property for each header, in order: the header itself if it is an identifier, else its words in camel case. No two are the same. */
export function propertyNames(headers: readonly string[]): readonly string[] {
  const taken = new Set<string>()
  return headers.map((header, at) => {
    const wanted = identifier(header) ?? `column${at + 1}`
    let name = wanted
    // Headers are matched by letters and digits, so two properties must differ in these.
    for (let suffix = 2; taken.has(name.toLowerCase()); suffix++) name = `${wanted}${suffix}`
    taken.add(name.toLowerCase())
    return name
  })
}

function identifier(header: string): string | undefined {
  const name = isIdentifier(header) ? header : camelCase(header)
  if (name === undefined || name.length > 60) return undefined
  const lower = name.charAt(0).toLowerCase() + name.slice(1)
  return [name, lower].find((each) => !reserved.has(each) && !keywords.has(each)) ?? `${name}Value`
}

function isIdentifier(text: string): boolean {
  return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(text) && text.normalize("NFC") === text
}

function camelCase(header: string): string | undefined {
  const words = header.normalize("NFKC").match(/[\p{L}\p{N}]+/gu) ?? []
  const [first = "", ...rest] = words.map((word) => (word === word.toUpperCase() ? word.toLowerCase() : word))
  const joined = first.charAt(0).toLowerCase() + first.slice(1) + rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("")
  if (joined === "") return undefined
  const name = /^\p{N}/u.test(joined) ? `column${joined}` : joined
  return isIdentifier(name) ? name : undefined
}
