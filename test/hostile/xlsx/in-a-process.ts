import { execFile } from "node:child_process"
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { execPath } from "node:process"
import { promisify } from "node:util"
import type { XlsxOptions } from "../../../src/parsers/xlsx/xlsx-options.ts"
import { compiled } from "../../compiled.ts"
import type { HostileReading } from "./read-hostile.ts"

const run = promisify(execFile)

/** Reads files in a separate process that has its own folder for temporary files. */
export async function readInProcess(
  files: readonly { name: string; bytes: Buffer; options?: XlsxOptions | undefined }[],
): Promise<HostileReading[]> {
  const folder = await mkdtemp(join(tmpdir(), "hostile-"))
  try {
    const temporary = join(folder, "tmp")
    await mkdir(temporary)
    const work = []
    for (const [at, { name, bytes, options }] of files.entries()) {
      const path = join(folder, `${at}.xlsx`)
      await writeFile(path, bytes)
      work.push({ name, path, options })
    }
    await writeFile(join(folder, "work.json"), JSON.stringify(work))
    const program = await compiled({ read: "test/hostile/xlsx/read-hostile.ts" })
    const { stdout } = await run(execPath, ["--expose-gc", program.file("read"), join(folder, "work.json")], {
      env: { ...process.env, TMPDIR: temporary },
      maxBuffer: 64 * 1024 ** 2,
    })
    return stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
  } finally {
    await rm(folder, { recursive: true })
  }
}
