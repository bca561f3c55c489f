import { basename } from "node:path/posix"

/** The last part of a URI, as a person would write it. */
export function fileName(uri: string): string {
  const name = basename(uri)
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
