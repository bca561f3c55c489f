import { defineConfig } from "vitest/config"
import { sqlText } from "./tools/sql-text.ts"

export default defineConfig({
  plugins: [sqlText()],
  test: {
    include: ["test/**/*.test.ts", "src/**/*.test.ts"],
    globalSetup: ["test/postgres-on-demand.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
