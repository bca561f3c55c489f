import { readdirSync, readFileSync } from "node:fs"

const src = new URL("../../src/", import.meta.url)

/** Every TypeScript source of the library, by its path in `src/`. */
export function sourceFiles(): Map<string, string> {
  const paths = readdirSync(src, { recursive: true, encoding: "utf8" }).map((path) => path.replaceAll("\\", "/"))
  const sources = paths.filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts"))
  return new Map(sources.sort().map((path) => [path, readFileSync(new URL(path, src), "utf8")]))
}
