/** What a table is called that has no name of its own: the file's name without its folders. */
export function tableName(uri: string): string {
  const last = uri.split(/[/\\]/).findLast((part) => part !== "") ?? uri
  // Only file URLs are escaped; a key in a bucket may hold a percent sign of its own.
  return uri.startsWith("file:") ? unescaped(last) : last
}

/** Whoever names bytes may call them a file URL that is none. */
function unescaped(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
