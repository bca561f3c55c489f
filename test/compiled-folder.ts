import { mkdir, mkdtemp, rm } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { TestProject } from "vitest/node"

declare module "vitest" {
  interface ProvidedContext {
    /** Where compiled sources of a test run lie. */
    readonly compiledFolder: string
  }
}

/** Global set-up of the tests: a folder within node_modules, from where packages resolve and no tool looks at it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cache = fileURLToPath(new URL("../node_modules/.cache", import.meta.url))
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(join(cache, "rowgate-"))
  project.provide("compiledFolder", folder)
  return () => rm(folder, { recursive: true, force: true })
}
