import { tableName } from "../../table-name.ts"
import { type RefusedFormat, unsupported } from "./refused-format.ts"

/** The names that Excel, Word and PowerPoint give to the files beside an open document, and those of LibreOffice. */
const lockName = /^(?:~\$.*\.(?:xl|do|pp)[a-z]{1,2}|\.~lock\..*#)$/is

const lock = unsupported(
  "the lock file of a workbook that is open in a spreadsheet program",
  "Load the workbook itself, and leave out files whose names begin with ~$ or .~lock.",
)

/** Whether a path or URI names a lock file. */
export function isLockName(path: string): boolean {
  return lockName.test(tableName(path))
}

/** A lock file, if the name says so. A workbook by its bytes is none. */
export function lockFile(name: string | undefined): RefusedFormat | undefined {
  return name !== undefined && isLockName(name) ? lock : undefined
}
