import { constants } from "node:fs"
import { access, stat } from "node:fs/promises"
import { dirname } from "node:path"
import { RowgateError } from "../../errors/rowgate-error.ts"
import { madeDirectory } from "../../files/made-directory.ts"

/**
 * The directory of a path, with links resolved: all paths to a directory mean one database, with one lock next to it. A missing directory is
 * created. PGlite does not tell what is wrong with a directory, so it is checked here. Throws `SINK_UNREACHABLE`.
 */
export async function usableDirectory(path: string): Promise<string> {
  try {
    const directory = await madeDirectory(path)
    if (!(await stat(directory)).isDirectory()) throw Object.assign(new Error("not a directory"), { code: "ENOTDIR" })
    // The lock is in the parent directory.
    for (const each of [directory, dirname(directory)]) await access(each, constants.R_OK | constants.W_OK | constants.X_OK)
    return directory
  } catch (error) {
    throw unusableDirectory(path, error)
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : ""
}

function unusableDirectory(path: string, cause: unknown): RowgateError {
  const code = codeOf(cause)
  const isReadOnly = code === "EACCES" || code === "EROFS" || code === "EPERM"
  const isFile = code === "ENOTDIR" || code === "EEXIST"
  const reason = isReadOnly
    ? "this user may not write to it or to its parent folder"
    : isFile
      ? "it is not a folder"
      : cause instanceof Error
        ? cause.message
        : String(cause)
  const remedy = isReadOnly
    ? `Let this user write to ${path} and to its parent folder, where the lock file goes, or name another folder.`
    : "Name another folder. A missing one is created."
  return new RowgateError({
    code: "SINK_UNREACHABLE",
    message: `${path} cannot be the folder of an embedded database: ${reason}.`,
    remedy,
    origin: { uri: path },
    cause,
  })
}
