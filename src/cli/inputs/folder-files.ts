import { readdir, stat } from "node:fs/promises"
import { join, resolve } from "node:path"

/** The endings of files with tables. In a folder, other files are left out. */
const ofTables = /\.(csv|tsv|psv|tab|json|ndjson|jsonl|xlsx|xlsm|parquet)(\.gz)?$|\.zip$/i

/** Folders within folders, as a limit for links that lead in a circle. */
const deepest = 32

/** The files with tables in a folder and the folders below it, in the order of their paths; hidden ones and lock files of spreadsheets are passed over. */
export async function filesBelow(
  folder: string,
  signal: AbortSignal,
): Promise<{ readonly files: readonly string[]; readonly others: readonly string[] }> {
  const files: string[] = []
  const others: string[] = []
  for await (const path of walk(folder, "", deepest, signal)) (ofTables.test(path) ? files : others).push(path)
  return { files: files.map((path) => join(folder, path)), others }
}

/** Whether an operand is a pattern rather than a path. */
export function isPattern(operand: string): boolean {
  return /[*?]/.test(operand)
}

/** The files that a pattern matches: `*` and `?` stand for characters of a name, `**` for any folders. */
export async function filesLike(pattern: string, cwd: string, signal: AbortSignal): Promise<readonly string[]> {
  const parts = pattern.split(/[/\\]/)
  const first = parts.findIndex(isPattern)
  const base = resolve(cwd, parts.slice(0, first).join("/") || (pattern.startsWith("/") ? "/" : "."))
  const rest = parts.slice(first)
  const depth = rest.includes("**") ? deepest : rest.length - 1
  const found: string[] = []
  for await (const path of walk(base, "", depth, signal)) if (matches(path.split("/"), rest)) found.push(join(base, path))
  return found
}

async function* walk(base: string, below: string, depth: number, signal: AbortSignal): AsyncGenerator<string> {
  signal.throwIfAborted()
  const names = (await readdir(join(base, below)).catch(() => [])).filter((name) => !/^(\.|~\$)/.test(name)).sort()
  for (const name of names) {
    const path = below === "" ? name : `${below}/${name}`
    const found = await stat(join(base, path)).catch(() => undefined)
    if (found?.isFile() === true) yield path
    else if (found?.isDirectory() === true && depth > 0) yield* walk(base, path, depth - 1, signal)
  }
}

function matches([name, ...names]: readonly string[], [part, ...parts]: readonly string[]): boolean {
  if (part === undefined || name === undefined) return part === undefined && name === undefined
  if (part === "**") return matches([name, ...names], parts) || matches(names, [part, ...parts])
  return isLike(name, part) && matches(names, parts)
}

/** Compares from left to right and goes back to the last star only, so that no pattern takes long. */
function isLike(name: string, pattern: string): boolean {
  let [at, want, star, from] = [0, 0, -1, 0]
  while (at < name.length) {
    if (pattern[want] === "*") {
      star = want++
      from = at
    } else if (want < pattern.length && (pattern[want] === "?" || pattern[want] === name[at])) {
      at++
      want++
    } else if (star >= 0) {
      want = star + 1
      at = ++from
    } else return false
  }
  while (pattern[want] === "*") want++
  return want === pattern.length
}
