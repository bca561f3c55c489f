import { RowgateError } from "../errors/rowgate-error.ts"

const reasons: { readonly [code: string]: string } = {
  ENOSPC: "is full",
  EDQUOT: "has no space left for this user",
  EFBIG: "does not allow a larger file",
  EACCES: "cannot be written to",
  EPERM: "cannot be written to",
  EROFS: "cannot be written to",
  ENOENT: "does not exist",
  ENOTDIR: "is not a folder",
}

/** The error for a folder of temporary files that fails. Not retryable: a full disk stays full, and the same rows would come again. */
export function unusableFolder(directory: string, cause: unknown): RowgateError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : ""
  const message = cause instanceof Error ? cause.message : String(cause)
  return new RowgateError({
    code: "TEMP_FOLDER_UNUSABLE",
    message: `The folder for temporary files, ${directory}, ${reasons[code] ?? "cannot be used"}: ${message}.`,
    remedy: "Free space there, or set the environment variable TMPDIR (TEMP on Windows) to another folder.",
    origin: { uri: directory },
    cause,
  })
}
