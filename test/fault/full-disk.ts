import { execFile } from "node:child_process"
import { chown, mkdir, mkdtemp, rm, stat } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"

const run = promisify(execFile)

/** A file system that is so small that it is soon full. */
export interface FullDisk extends AsyncDisposable {
  readonly path: string
  /** Sets how many bytes fit. */
  resize(size: string): Promise<void>
  /** Makes it read-only. */
  protect(): Promise<void>
}

/** Undefined if none can be mounted, because that takes root and a system that allows it. The owner of `ownedAs` owns it. */
export async function fullDisk(size: string, ownedAs?: string): Promise<FullDisk | undefined> {
  const path = await mkdtemp(join(tmpdir(), "rowgate-disk-"))
  try {
    await run("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", path])
  } catch {
    await rm(path, { recursive: true })
    return undefined
  }
  const inner = join(path, "own")
  await mkdir(inner)
  if (ownedAs !== undefined) {
    const { uid, gid } = await stat(ownedAs)
    await chown(path, uid, gid)
    await chown(inner, uid, gid)
  }
  return {
    path: inner,
    resize: async (next) => void (await run("mount", ["-o", `remount,size=${next}`, path])),
    protect: async () => void (await run("mount", ["-o", "remount,ro", path])),
    async [Symbol.asyncDispose]() {
      await run("umount", ["-l", path])
      await rm(path, { recursive: true })
    },
  }
}
