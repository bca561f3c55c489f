import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { parseEnv } from "node:util"
import { RowgateError } from "../errors/rowgate-error.ts"

/** The environment with `.env.local` of a folder beneath it: a variable that is set already keeps its value. */
export async function withEnvironmentFile(
  env: { readonly [name: string]: string | undefined },
  folder: string,
): Promise<{ readonly [name: string]: string | undefined }> {
  const path = join(folder, ".env.local")
  const content = await readFile(path, "utf8").catch((cause: unknown) => {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined
    throw new RowgateError({
      code: "CONFIG_INVALID",
      message: `${path} is there and cannot be read.`,
      remedy: "Check its permissions, or remove it.",
      origin: { uri: path },
      cause,
    })
  })
  return content === undefined ? env : { ...parseEnv(content), ...env }
}
