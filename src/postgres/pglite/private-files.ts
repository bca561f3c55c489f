import { chmod, lstat, readdir } from "node:fs/promises"
import { join } from "node:path"

/** Restricts a directory to its owner, if it is empty or holds a database. Returns whether it is new or others had access to it. */
export async function makeDirectoryPrivate(directory: string): Promise<boolean> {
  const names = await readdir(directory)
  if (names.length > 0 && !names.includes("PG_VERSION")) return false
  const isNew = names.length === 0
  const wasOpen = ((await lstat(directory)).mode & 0o077) !== 0
  if (wasOpen) await restrict(directory, 0o700)
  return isNew || wasOpen
}

/** Restricts everything in a database's directory to its owner. PGlite gives everybody access to most files, whatever the umask is. */
export async function makeFilesPrivate(directory: string): Promise<void> {
  const entries = await readdir(directory, { withFileTypes: true })
  await Promise.all(
    entries.map(async (entry) => {
      const path = join(directory, entry.name)
      const mode = entry.isDirectory() ? 0o700 : 0o600
      if (!entry.isDirectory() && !entry.isFile()) return
      if (((await lstat(path)).mode & 0o077) !== 0) await restrict(path, mode)
      if (entry.isDirectory()) await makeFilesPrivate(path)
    }),
  )
}

/** Some file systems have no permissions, and a directory may be shared by another owner. A load does not fail for that. */
async function restrict(path: string, mode: number): Promise<void> {
  await chmod(path, mode).catch(() => undefined)
}
