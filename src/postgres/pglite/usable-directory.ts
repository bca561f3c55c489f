import { constants } from "node:fs"
import { access, stat } from "node:fs/promises"
import { dirname } from "node:path"
import { RowgateError } from "../../errors/rowgate-error.ts"
import { madeDirectory } from "../../files/made-directory.ts"

/**
 * The directory behind a path, which may lead over links, made where it is missing: two paths to one directory are one database, with one
 * lock beside it. PGlite does not say what is wrong with a directory, so it is tried here. Throws `SINK_UNREACHABLE`.
 */
export async function usableDirectory(path: string): Promise<string> {
  try {
    const directory = await madeDirectory(path)
    if (!(await stat(directory)).isDirectory()) throw Object.assign(new Error("not a directory"), { code: "ENOTDIR" })
    // The lock stands in the directory above.
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
    ? "it, or the folder that it is in, cannot be written to"
    : isFile
      ? "there is something else than a folder in its place"
      : cause instanceof Error
        ? cause.message
        : String(cause)
  const remedy = isReadOnly
    ? `Let this user write to ${path} and to the folder that it is in, where the lock file goes, or name another folder.`
    : "Name another folder; one that does not exist yet is made."
  return new RowgateError({
    code: "SINK_UNREACHABLE",
    message: `${path} cannot be the folder of an embedded database: ${reason}.`,
    remedy,
    origin: { uri: path },
    cause,
  })
}
