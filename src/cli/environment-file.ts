import { constants } from "node:fs"
import { open } from "node:fs/promises"
import { join } from "node:path"
import { parseEnv } from "node:util"
import { RowgateError } from "../errors/rowgate-error.ts"

/**
 * The environment, completed with the `.env.local` of a folder: a variable that is already set keeps its value. The file can choose where rows go, so it must
 * be a regular file of this user or of root. Throws `CONFIG_INVALID` if it is anything else or cannot be read.
 */
export async function withEnvironmentFile(
  env: { readonly [name: string]: string | undefined },
  folder: string,
): Promise<{ readonly [name: string]: string | undefined }> {
  const path = join(folder, ".env.local")
  // The checks and the read use one open file. O_NONBLOCK keeps a pipe from blocking.
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)).catch((cause: unknown) => {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined
    if (code === "ENOENT") return undefined
    throw code === "ELOOP" ? unsafe(path, "is a symbolic link") : unreadable(path, cause)
  })
  if (file === undefined) return env
  try {
    const there = await file.stat()
    if (!there.isFile()) throw unsafe(path, "is not a regular file")
    // Windows has no user ids.
    const user = process.getuid?.()
    if (user !== undefined && there.uid !== user && there.uid !== 0) throw unsafe(path, "belongs to another user")
    return { ...parseEnv(await file.readFile("utf8")), ...env }
  } finally {
    await file.close()
  }
}

function unsafe(path: string, fault: string): RowgateError {
  return new RowgateError({
    code: "CONFIG_INVALID",
    message: `${path} ${fault}; rowgate reads it only if it is a regular file of this user or of root.`,
    remedy: "Replace it with a file of your own, or ignore it with --no-config.",
    origin: { uri: path },
  })
}

function unreadable(path: string, cause: unknown): RowgateError {
  return new RowgateError({
    code: "CONFIG_INVALID",
    message: `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`,
    remedy: "Check its permissions, or ignore it with --no-config.",
    origin: { uri: path },
    cause,
  })
}
