/**
 * The name of the zip entry that a relationship's target refers to: relative to the part with the relationship, or from the root.
 *
 * Accepts what programs write: backslashes, percent-encoding and `..`.
 */
export function targetName(source: string, target: string): string {
  const path = decoded(target.trim()).replaceAll("\\", "/")
  const folder = source.slice(0, source.lastIndexOf("/") + 1)
  const segments: string[] = []
  for (const segment of (path.startsWith("/") ? path : folder + path).split("/")) {
    if (segment === "..") segments.pop()
    else if (segment !== "" && segment !== ".") segments.push(segment)
  }
  return segments.join("/")
}

function decoded(target: string): string {
  try {
    return decodeURIComponent(target)
  } catch {
    return target
  }
}

/** The part that holds a part's relationships. */
export function relationshipsName(part: string): string {
  const slash = part.lastIndexOf("/") + 1
  return `${part.slice(0, slash)}_rels/${part.slice(slash)}.rels`
}
