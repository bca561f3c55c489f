import { realpath, stat } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import { usageError } from "./usage-error.ts"

/** A file that a command line names, and its role, such as `--report`. */
export interface NamedFile {
  readonly role: string
  readonly path: string
}

/** Throws `CONFIG_INVALID` if an output file is also an input, or if two outputs are the same file, whatever their names are. */
export async function requireDistinctFiles(read: readonly NamedFile[], written: readonly NamedFile[], command: string): Promise<void> {
  const roles = new Map<string, string>()
  for (const { role, path } of read) roles.set(await identityOf(path), role)
  for (const { role, path } of written) {
    // Several outputs may go to a terminal or to /dev/null.
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
    // The file does not exist yet, and its folder may be a link.
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
