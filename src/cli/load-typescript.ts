import { pathToFileURL } from "node:url"
import { RowgateError } from "../errors/rowgate-error.ts"

/** Loads a TypeScript module with the optional peer `jiti`, for versions of Node that cannot. */
export async function loadTypescript(path: string, cwd: string): Promise<{ readonly [name: string]: unknown }> {
  const { createJiti } = await import("jiti").catch((cause: unknown) => {
    throw new RowgateError({
      code: "DEPENDENCY_MISSING",
      message: `Node ${process.versions.node} does not run TypeScript, and jiti is not installed.`,
      remedy: "Run npm install --save-dev jiti, or name a .js or .mjs file, or use Node 22.18 or newer.",
      origin: { uri: path },
      cause,
    })
  })
  // With interop, jiti would return a proxy that merges the default export with the others, and a schema is no longer recognised.
  return await createJiti(pathToFileURL(`${cwd}/`).href, { interopDefault: false }).import(path)
}
