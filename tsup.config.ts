import { defineConfig } from "tsup"
import { faces } from "./tools/faces.ts"
import { namespaces } from "./tools/namespaces.ts"

const { entries, plugin } = namespaces()

export default defineConfig({
  entry: { ...Object.fromEntries(faces().map((file) => [file.slice("src/".length, -".ts".length), file])), ...entries },
  format: "esm",
  target: "node20",
  splitting: true,
  sourcemap: true,
  clean: true,
  loader: { ".sql": "text" },
  esbuildPlugins: [plugin],
  dts: { compilerOptions: { ignoreDeprecations: "6.0" } },
})
