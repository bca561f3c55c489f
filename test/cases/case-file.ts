import { existsSync } from "node:fs"
import { join } from "node:path"
import { env } from "node:process"

/** `ROWGATE_CASES_DIR` names another folder of cases with the same layout. */
const folder = env["ROWGATE_CASES_DIR"] ?? join(import.meta.dirname, "../../../shared/cases")

/** Without the folder, the tests of cases are skipped. */
export const hasCases = existsSync(join(folder, "README.md"))
if (!hasCases) console.info(`there are no cases in ${folder}: these tests are skipped`)

/** Path of a case. */
export const caseFile = (name: string): string => join(folder, name)
