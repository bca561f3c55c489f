import { availableParallelism } from "node:os"
import { env } from "node:process"
import { defineConfig } from "vitest/config"
import { sqlText } from "./tools/sql-text.ts"

/** `.ci/run` names a folder for reports and adds up what it finds there, one file for each npm script that ran tests. */
const reports = env.ROWGATE_TEST_REPORTS
const reportFile = `${reports}/${(env.npm_lifecycle_event ?? "vitest").replaceAll(":", "-")}.json`

/** The default suite, `npm test`, is kept under four minutes; a test file that takes longer is called `*.long.test.ts`. */
export default defineConfig({
  plugins: [sqlText()],
  resolve: {
    alias: [
      { find: /^rowgate$/, replacement: new URL("src/index.ts", import.meta.url).pathname },
      { find: /^rowgate\/(.*)$/, replacement: new URL("src/$1.ts", import.meta.url).pathname },
    ],
  },
  test: {
    globalSetup: ["test/postgres-on-demand.ts", "test/compiled-folder.ts"],
    // By itself vitest leaves a core to the terminal, which of two is half.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: reports === undefined ? ["default"] : ["default", ["json", { outputFile: reportFile }]],
    coverage: { provider: "v8", include: ["src/**/*.ts"], reporter: ["text-summary", "html"], reportOnFailure: true },
    projects: [
      // Test files share their process: reading the modules anew for each would take a third of the time.
      { extends: true, test: { name: "quick", isolate: false, include: ["test/**/*.test.ts"], exclude: ["test/**/*.long.test.ts"] } },
      { extends: true, test: { name: "long", include: ["test/**/*.long.test.ts"], testTimeout: 600_000 } },
    ],
  },
})
