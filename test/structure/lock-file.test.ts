import { readFileSync } from "node:fs"
import { expect, test } from "vitest"

interface Locked {
  readonly version?: string
  readonly resolved?: string
  readonly integrity?: string
  readonly link?: boolean
  readonly optionalDependencies?: { readonly [name: string]: string }
}

const { packages }: { readonly packages: { readonly [path: string]: Locked } } = JSON.parse(
  readFileSync(new URL("../../package-lock.json", import.meta.url), "utf8"),
)

test("the lock file has the packages of every platform, because npm ci refuses it otherwise", () => {
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !folders(path).some((folder) => `${folder}node_modules/${name}` in packages)),
  )
  expect(Object.keys(packages).length).toBeGreaterThan(100)
  expect(missing).toEqual([])
})

test("every locked package has the hash of its content and no registry address", () => {
  const installed = Object.entries(packages).filter(([path]) => path !== "")
  expect(installed.filter(([, { integrity }]) => !integrity?.startsWith("sha512-")).map(([path]) => path)).toEqual([])
  expect(installed.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([])
})

/** The folders in which a package's dependencies may be: beside it, or beside one of the packages around it, up to the root. */
function folders(path: string): string[] {
  const parts = path === "" ? [] : path.split("/node_modules/")
  return ["", ...parts.map((_, index) => `${parts.slice(0, index + 1).join("/node_modules/")}/`)]
}
