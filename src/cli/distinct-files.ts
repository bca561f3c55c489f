import { realpath, stat } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import { usageError } from "./usage-error.ts"

/** A file that a command names, and what it is to it, as `--report`. */
export interface NamedFile {
  readonly role: string
  readonly path: string
}

/** Fails with `CONFIG_INVALID` where a file to be written is one that is read, or is written to twice, under whatever name. */
export async function requireDistinctFiles(read: readonly NamedFile[], written: readonly NamedFile[], command: string): Promise<void> {
  const roles = new Map<string, string>()
  for (const { role, path } of read) roles.set(await identityOf(path), role)
  for (const { role, path } of written) {
    // Any number of outputs may go to a terminal or to nowhere.
    if (await isDevice(path)) continue
    const identity = await identityOf(path)
    const other = roles.get(identity)
    if (other !== undefined) throw usageError(`${role} would overwrite ${path}, which is also ${other}.`, command)
    roles.set(identity, role)
  }
}

async function identityOf(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch {
    // It has yet to be made, in a folder that may be reached by a link.
    const folder = await realpath(dirname(path)).catch(() => dirname(path))
    return join(folder, basename(path))
  }
}

async function isDevice(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isCharacterDevice() || found.isFIFO(),
    () => false,
  )
}
