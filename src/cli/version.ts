import { readFile } from "node:fs/promises"

/** The version of the installed package. */
export async function version(): Promise<string> {
  // Both `src/cli/version.ts` and `dist/*.js` lie within the package, whose manifest is the nearest one above.
  for (let folder = new URL("./", import.meta.url); ; folder = new URL("../", folder)) {
    const manifest = await readFile(new URL("package.json", folder), "utf8").catch(() => undefined)
    const parsed: unknown = manifest === undefined ? undefined : JSON.parse(manifest)
    if (isManifest(parsed) && parsed.name === "rowgate") return parsed.version
    if (folder.pathname === "/" || new URL("../", folder).href === folder.href) return "unknown"
  }
}

function isManifest(value: unknown): value is { readonly name: string; readonly version: string } {
  return typeof value === "object" && value !== null && "name" in value && "version" in value
}
