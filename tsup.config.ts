import { readdirSync } from "node:fs"
import { defineConfig } from "tsup"
import { faces } from "./tools/faces.ts"
import { mergeChunks } from "./tools/merge-chunks.ts"
import { migrationFiles } from "./tools/migration-files.ts"
import { namespaces } from "./tools/namespaces.ts"

const { entries, plugin } = namespaces()

/** What most runs load with `import()`. */
const usual =
  /^(?:preview|run|open-local-file|normalization|validation|begin-test|csv|read-csv|xlsx|json|read-json|ndjson|read-ndjson)-\w+\.js$/

export default defineConfig(({ outDir = "dist" }) => ({
  entry: { ...Object.fromEntries(faces().map((file) => [file.slice("src/".length, -".ts".length), file])), ...entries },
  format: "esm",
  target: "node20",
  splitting: true,
  sourcemap: true,
  clean: true,
  loader: { ".sql": "text" },
  esbuildPlugins: [plugin, migrationFiles()],
  onSuccess: () =>
    mergeChunks(
      outDir,
      ["index.js", ...Object.keys(entries).map((name) => `${name}.js`)],
      { sourcemap: true, target: "node20" },
      { later: readdirSync(outDir).filter((file) => usual.test(file)) },
    ),
  dts: { compilerOptions: { ignoreDeprecations: "6.0" } },
}))
