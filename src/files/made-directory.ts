import { mkdir, realpath } from "node:fs/promises"
import { basename, dirname, join } from "node:path"

/**
 * The real path of a directory, which is created for its owner alone if it is missing. It creates one level at a time: `mkdir` with `recursive`
 * reports ENOENT on a read-only file system, and never ends below /proc.
 */
export async function madeDirectory(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    if (codeOf(error) !== "ENOENT" || dirname(path) === path) throw error
  }
  const directory = join(await madeDirectory(dirname(path)), basename(path))
  try {
    await mkdir(directory, { mode: 0o700 })
    return directory
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error
    // Another process was faster, or there is a broken link.
    return await realpath(directory).catch(() => {
      throw error
    })
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : ""
}
