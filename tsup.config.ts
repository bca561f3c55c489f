import { defineConfig } from "tsup"
import { faces } from "./tools/faces.ts"

export default defineConfig({
  entry: faces(),
  format: "esm",
  target: "node20",
  splitting: true,
  sourcemap: true,
  clean: true,
  loader: { ".sql": "text" },
  dts: { compilerOptions: { ignoreDeprecations: "6.0" } },
})
