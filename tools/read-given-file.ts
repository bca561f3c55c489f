import { readFile } from "node:fs/promises"

const reasons: { readonly [code: string]: string } = {
  ENOENT: "does not exist",
  ENOTDIR: "does not exist",
  EISDIR: "is a folder",
  EACCES: "cannot be read, because you lack the permission",
}

/** Reads the file that an option of a command names. */
export async function readGivenFile(option: string, path: string): Promise<Buffer> {
  return await readFile(path).catch((error: NodeJS.ErrnoException) => {
    const reason = reasons[error.code ?? ""]
    throw reason === undefined ? error : new Error(`"${path}" ${reason}. Give ${option} the path of a file.`, { cause: error })
  })
}
