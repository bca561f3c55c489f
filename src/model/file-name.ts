import { basename } from "node:path/posix"

/** The last part of a URI, as a person would write it. For a file in a zip, that of the zip and the path in it: `months.zip!/q/may.csv`. */
export function fileName(uri: string): string {
  const at = uri.indexOf("!/")
  const name = at < 0 ? basename(uri) : `${basename(uri.slice(0, at))}${uri.slice(at)}`
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
