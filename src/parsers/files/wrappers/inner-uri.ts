/** The address of a file within a file: `file:///a/b.zip!/c.csv`. */
export function innerUri(uri: string, name: string): string {
  const path = uri.startsWith("file:") ? name.split("/").map(encodeURIComponent).join("/") : name
  return `${uri}!/${path}`
}
