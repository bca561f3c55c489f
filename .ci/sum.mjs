// node sum.mjs FOLDER STEP...: adds up the JSON reports of a folder. Each failed step that no failed test accounts for, a lint
// or a build for example, counts as one failure.
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

const [folder = ".", ...failedSteps] = process.argv.slice(2)
const total = { passed: 0, failed: 0, skipped: 0 }
const explained = []
let reports = 0

for (const name of readdirSync(folder).filter((each) => each.endsWith(".json"))) {
  const report = JSON.parse(readFileSync(join(folder, name), "utf8"))
  // A file that could not be loaded, or whose set-up failed, is a failed file without a failed test.
  const broken = (report.testResults ?? []).filter(
    (file) => file.status === "failed" && !file.assertionResults.some(({ status }) => status === "failed"),
  ).length
  const failed = report.numFailedTests + broken
  total.passed += report.numPassedTests
  total.failed += failed
  total.skipped += report.numPendingTests + report.numTodoTests
  if (failed > 0) explained.push(name.slice(0, -".json".length))
  reports++
}

// A step may run a suite several times, each with a report whose name goes on where the step's ends.
const unexplained = failedSteps.filter((step) => !explained.some((name) => name.startsWith(step.replaceAll(":", "-"))))
total.failed += unexplained.length
for (const step of failedSteps) console.log(`failed: ${step}`)
if (reports === 0) {
  console.log("failed: no test reported anything")
  total.failed++
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exitCode = total.failed === 0 ? 0 : 1
