import { relative, sep } from "node:path"
import type { Plugin } from "esbuild"
import type { LambdaFunction } from "./lambda-functions.ts"

const handlers = "src/lambda/handlers/create-handlers.ts"

/**
 * Leaves out of the bundle what other functions load with `import()`, and this one never does. Each such import fails with a sentence, in case a change of
 * rowgate makes the function need it after all.
 */
export function leaveOut(name: string, { steps, without }: LambdaFunction, root: string): Plugin {
  const isLeftOut = (module: string, importer: string) =>
    without.some((each) => module === each || (each.endsWith("/") && module.startsWith(each))) ||
    (importer === handlers && !steps.includes(module))
  return {
    name: "leave-out",
    setup(build) {
      const pathFromRoot = (path: string) => relative(root, path).split(sep).join("/")
      build.onResolve({ filter: /./ }, async ({ path, kind, importer, resolveDir }) => {
        if (kind !== "dynamic-import") return undefined
        const module = path.startsWith(".") ? pathFromRoot(`${resolveDir}/${path}`) : path
        return isLeftOut(module, pathFromRoot(importer)) ? { path: module, namespace: "of-other-functions" } : undefined
      })
      build.onLoad({ filter: /./, namespace: "of-other-functions" }, ({ path }) => ({
        contents: `throw new Error(${JSON.stringify(`The function ${name} was built without ${path}, which only other functions need.`)})`,
      }))
    },
  }
}
