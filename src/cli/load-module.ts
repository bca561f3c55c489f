import { access } from "node:fs/promises"
import { resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { RowgateError } from "../errors/rowgate-error.ts"
import { loadTypescript } from "./load-typescript.ts"

/** Loads the user's JavaScript or TypeScript module: natively if this Node can, else with the optional peer `jiti`. */
export async function loadModule(path: string, cwd: string): Promise<{ readonly [name: string]: unknown }> {
  const absolute = resolve(cwd, path)
  await access(absolute).catch((cause: unknown) => {
    throw new RowgateError({
      code: "CONFIG_INVALID",
      message: `The file ${absolute} does not exist or cannot be read.`,
      remedy: "Check the path and its permissions; a relative path starts from the working directory.",
      origin: { uri: absolute },
      cause,
    })
  })
  try {
    return await import(pathToFileURL(absolute).href)
  } catch (error) {
    if (!isUnknownExtension(error)) throw loadFailed(absolute, error)
  }
  try {
    return await loadTypescript(absolute, cwd)
  } catch (error) {
    throw error instanceof RowgateError ? error : loadFailed(absolute, error)
  }
}

/** Node without type stripping throws this for the first `.ts` file it meets, which may be an import of the module. */
function isUnknownExtension(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_UNKNOWN_FILE_EXTENSION"
}

function loadFailed(path: string, cause: unknown): RowgateError {
  return new RowgateError({
    code: "CONFIG_INVALID",
    message: `${path} cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}`,
    remedy: "Correct the file. rowgate imports it as an ordinary module.",
    origin: { uri: path },
    cause,
  })
}
