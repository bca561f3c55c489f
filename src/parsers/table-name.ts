/** The name of a table that has no name of its own: the file's name without its folders. */
export function tableName(uri: string): string {
  const last = uri.split(/[/\\]/).findLast((part) => part !== "") ?? uri
  // Only file URLs are percent-encoded. A percent sign in the key of a bucket stands for itself.
  return uri.startsWith("file:") ? unescaped(last) : last
}

/** The caller of `bytes` may choose a name that begins with `file:` but is not a valid URL. */
function unescaped(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
