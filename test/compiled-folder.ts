import { mkdir, mkdtemp, rm } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { TestProject } from "vitest/node"

declare module "vitest" {
  interface ProvidedContext {
    /** The folder of the compiled sources of a test run. */
    readonly compiledFolder: string
  }
}

/** Global set-up of the tests: a folder inside node_modules, where packages resolve and other tools do not look. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cache = fileURLToPath(new URL("../node_modules/.cache", import.meta.url))
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(join(cache, "rowgate-"))
  project.provide("compiledFolder", folder)
  return () => rm(folder, { recursive: true, force: true })
}
