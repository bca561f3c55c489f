import { mkdir, realpath } from "node:fs/promises"
import { basename, dirname, join } from "node:path"

/**
 * The directory behind a path, made where it is missing, for its owner alone. Made step by step: `mkdir` with `recursive` says ENOENT where a
 * file system is read-only, and below /proc it never ends.
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
    // Another process was faster, or a link leads nowhere.
    return await realpath(directory).catch(() => {
      throw error
    })
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : ""
}
