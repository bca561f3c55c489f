/**
 * `npm run test:readme` packs `dist/` and follows README.md with it, on this machine and this Node. It needs nothing but npm, so it also runs on
 * Windows and macOS.
 */
import { execSync } from "node:child_process"
import { mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { followReadme } from "./follow-readme.ts"

const folder = mkdtempSync(join(tmpdir(), "rowgate-packed-"))
try {
  execSync(`npm pack --ignore-scripts --pack-destination "${folder}"`, { stdio: ["ignore", "ignore", "ignore"] })
  const [tarball = ""] = readdirSync(folder)
  const { command, pipeline, promisedPipeline } = await followReadme(join(folder, tarball))
  console.log(`${command}\n${pipeline}`)
  if (!command.includes("5 rows read, 5 loaded")) throw new Error("The command did not load the file.")
  if (pipeline !== promisedPipeline) throw new Error(`The pipeline did not print what README.md promises:\n${promisedPipeline}`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
