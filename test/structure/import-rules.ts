import { isBuiltin } from "node:module"
import { dirname, join } from "node:path/posix"
import type { Import } from "./read-imports.ts"

/** The folders by level. A folder imports from lower levels only; folders of one level do not import each other. */
const levels: readonly (readonly string[])[] = [
  ["errors"],
  ["options"],
  ["model"],
  ["contract"],
  ["cells", "sketch", "files", "parts"],
  ["binding"],
  ["sources", "parsers", "normalize", "validate", "score", "profile", "sinks", "postgres"],
  ["checks"],
  ["pipeline"],
  ["report"],
  ["lambda", "cli", "testing"],
]

/** Where each package may be imported, as path prefixes. A package without an entry may not be imported. */
const packages: { readonly [name: string]: readonly string[] } = {
  "@aws-sdk/": ["sources/s3", "lambda/"],
  "@electric-sql/pglite": ["postgres/pglite"],
  "@standard-schema/spec": ["contract/", "validate/", "checks/", "pipeline/", "profile/", "sinks/", "cli/", "testing/"],
  ajv: ["validate/json-schema"],
  "ajv-formats": ["validate/json-schema"],
  exceljs: ["report/"],
  hyparquet: ["parsers/parquet"],
  hysnappy: ["parsers/parquet"],
  "i18n-iso-countries": ["normalize/country"],
  ibantools: ["normalize/iban"],
  jiti: ["cli/"],
  "libphonenumber-js": ["normalize/phone"],
  "p-limit": ["pipeline/", "sources/", "lambda/"],
  pg: ["postgres/"],
  yauzl: ["parsers/"],
  zod: ["validate/", "pipeline/", "profile/", "cli/", "lambda/"],
}

/**
 * Peers that may be missing. They are loaded on first use, so that the error can say what to install. A subpath that does nothing without its peer,
 * such as `rowgate/phone`, imports it: Node then names the package, and cells are read without waiting.
 */
const optionalPeers = ["@aws-sdk/", "@electric-sql/pglite", "exceljs", "jiti", "pg"]

/** Modules that name what they need of a peer, so that bundlers leave out the rest. They are loaded on first use themselves. */
const facesOfPeers = ["sources/s3/sdk.ts", "lambda/secrets/secrets-sdk.ts", "lambda/handlers/executions-sdk.ts"]

/** For these folders, the only files and folders that other folders may import. */
const doors: { readonly [room: string]: readonly string[] } = {
  postgres: ["postgres/postgres.ts", "postgres/postgres-options.ts", "postgres/pglite/pglite.ts", "postgres/operations/", "postgres/sql/"],
}

/** Folders that only compute. */
const pureRooms = [
  "errors",
  "options",
  "model",
  "contract",
  "cells",
  "binding",
  "sketch",
  "parts",
  "normalize",
  "validate",
  "checks",
  "score",
  "profile",
]
const outside = /^node:(fs|net|http|https|http2|tls|dgram|dns|child_process|cluster|worker_threads)(\/|$)/

/** The violations in a source's imports, in one sentence each. `path` is relative to `src/`. */
export function importFaults(path: string, imports: readonly Import[]): string[] {
  const faults = imports.flatMap((each) => fault(path, each) ?? [])
  return faults.map((text) => `${path} ${text}`)
}

function fault(path: string, { specifier, kind, names }: Import): string | undefined {
  if (specifier.startsWith(".")) return relativeFault(path, specifier, kind)
  if (isBuiltin(specifier)) return builtinFault(path, specifier, names)
  return packageFault(path, specifier, kind)
}

function relativeFault(path: string, specifier: string, kind: Import["kind"]): string | undefined {
  if (!/\.(ts|sql)$/.test(specifier)) return `imports ${specifier} without its extension`
  const target = join(dirname(path), specifier)
  if (target.startsWith("..")) return `imports ${specifier}, which is outside src`
  if (kind === "value" && facesOfPeers.includes(target)) return `loads ${target} eagerly; use import() where it is needed`
  const from = roomOf(path)
  const to = roomOf(target)
  if (from === to || from === undefined) return undefined
  if (to === undefined) return `imports the entry point ${target}; import the folder behind it`
  if (levelOf(to) >= levelOf(from)) return `imports ${target}: ${from} may not import ${to}`
  if (doors[to]?.some((door) => target.startsWith(door)) === false)
    return `imports ${target}: import ${to} through ${doors[to]?.join(", ")}`
  return undefined
}

function builtinFault(path: string, specifier: string, names: readonly string[]): string | undefined {
  const room = roomOf(path)
  if (!specifier.startsWith("node:")) return `imports ${specifier} without node:`
  if (room !== undefined && pureRooms.includes(room) && outside.test(specifier)) return `imports ${specifier}: ${room} only computes`
  if (specifier === "node:process" && names.includes("env") && room !== "cli" && room !== "lambda") return "reads the environment"
  return undefined
}

function packageFault(path: string, specifier: string, kind: Import["kind"]): string | undefined {
  const name = Object.keys(packages).find((each) => isOf(specifier, each))
  if (name === undefined) return `imports ${specifier}, which no folder may use`
  if (!packages[name]?.some((place) => path.startsWith(place)))
    return `imports ${specifier}, which belongs in ${packages[name]?.join(", ")}`
  if (kind === "value" && optionalPeers.includes(name) && !facesOfPeers.includes(path))
    return `loads the optional peer ${specifier} eagerly; use import() where it is needed`
  if (kind !== "type" && name === "@standard-schema/spec") return `loads ${specifier}, which is types only; write import type`
  if (kind !== "type" && name === "zod" && !/^(cli|lambda)\//.test(path))
    return "loads zod, which the core may only import as types; write import type"
  return undefined
}

function isOf(specifier: string, name: string): boolean {
  return name.endsWith("/") ? specifier.startsWith(name) : specifier === name || specifier.startsWith(`${name}/`)
}

function roomOf(path: string): string | undefined {
  return path.includes("/") ? path.slice(0, path.indexOf("/")) : undefined
}

function levelOf(room: string): number {
  const level = levels.findIndex((rooms) => rooms.includes(room))
  if (level < 0) throw new Error(`src/${room} has no level: name it in test/structure/import-rules.ts`)
  return level
}
