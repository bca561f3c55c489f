import { lstat } from "node:fs/promises"

/**
 * Why a new file must not replace what is at a path. Undefined if nothing is there, or a regular file of this user. rowgate did not create anything
 * else, and it may be a trick to redirect the write.
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
  // Windows has no user ids.
  const user = process.getuid?.()
  return user === undefined || there.uid === user ? undefined : "it belongs to another user"
}
