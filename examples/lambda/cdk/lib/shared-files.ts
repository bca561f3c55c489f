import { readFileSync } from "node:fs"

/** The files beside this folder, which Terraform and SAM use too. Change them there. */
const folder = new URL("../../", import.meta.url)

/** Values for the placeholders of the files, such as `LandingBucketArn`. */
export type Values = Readonly<Record<string, string>>

export function sharedText(file: string): string {
  return readFileSync(new URL(file, folder), "utf8")
}

export function sharedJson<T>(file: string): T {
  return JSON.parse(sharedText(file))
}

/** Replaces each `${Name}` in all texts of a value. */
export function fill<T>(value: T, values: Values): T
export function fill(value: unknown, values: Values): unknown {
  if (typeof value === "string") return value.replace(/\$\{(\w+)\}/g, (_, name: string) => placeholder(name, values))
  if (Array.isArray(value)) return value.map((element) => fill(element, values))
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, element]) => [name, fill(element, values)]))
}

function placeholder(name: string, values: Values): string {
  const value = values[name]
  if (value === undefined) throw new Error(`The placeholder \${${name}} has no value.`)
  return value
}
