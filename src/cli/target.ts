import { resolve } from "node:path"
import { usageError } from "./usage-error.ts"

/** Where rows go, as `--to` names it. */
export type Target =
  | { readonly kind: "postgres"; readonly url: string }
  | { readonly kind: "pglite"; readonly directory: string }
  | { readonly kind: "ndjson"; readonly path: string }

/** The target when nothing names one. */
export const defaultTarget = "pglite:.rowgate/db"

/** Reads `postgres://...`, `pglite:DIR` or `FILE.ndjson`; paths start from `cwd`. */
export function parseTarget(text: string, cwd: string): Target {
  if (/^postgres(ql)?:\/\//.test(text)) {
    if (!URL.canParse(text))
      throw usageError("The connection string is not a URL. Write special characters of a password as %XX.", "ingest")
    return { kind: "postgres", url: text }
  }
  if (text.startsWith("pglite:") && text.length > "pglite:".length) {
    return { kind: "pglite", directory: resolve(cwd, text.slice("pglite:".length)) }
  }
  if (/\.(ndjson|jsonl)$/i.test(text) && !text.includes("://")) return { kind: "ndjson", path: resolve(cwd, text) }
  // The value may contain a password, so the message does not repeat it.
  throw usageError("--to must be postgres://user@host/database, pglite:DIR or FILE.ndjson.", "ingest")
}

/** The target as it may be shown: without a password. */
export function targetName(target: Target): string {
  if (target.kind === "ndjson") return target.path
  if (target.kind === "pglite") return `pglite:${target.directory}`
  const url = new URL(target.url)
  url.password = ""
  url.search = ""
  return url.href
}
