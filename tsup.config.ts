import { defineConfig } from "tsup"
import { faces } from "./tools/faces.ts"
import { mergeChunks } from "./tools/merge-chunks.ts"
import { migrationFiles } from "./tools/migration-files.ts"
import { namespaces } from "./tools/namespaces.ts"

const { entries, plugin } = namespaces()

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
    mergeChunks(outDir, ["index.js", ...Object.keys(entries).map((name) => `${name}.js`)], { sourcemap: true, target: "node20" }),
  dts: { compilerOptions: { ignoreDeprecations: "6.0" } },
}))
