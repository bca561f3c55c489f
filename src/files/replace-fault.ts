import { lstat } from "node:fs/promises"

/**
 * Why a path may not be given to a new file; undefined where it may: there is nothing, or a regular file of this user. Whatever else is there
 * was not made by rowgate, and may be a way to make it write somewhere else.
 */
export async function replaceFault(path: string): Promise<string | undefined> {
  const there = await lstat(path).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined
    throw error
  })
  if (there === undefined) return undefined
  if (there.isSymbolicLink()) return "it is a symbolic link"
  if (there.isDirectory()) return "it is a directory"
  if (!there.isFile()) return "it is a device, a pipe or a socket"
  // Windows has no such number.
  const user = process.getuid?.()
  return user === undefined || there.uid === user ? undefined : "it belongs to another user"
}
