import { rmSync } from "node:fs"
import { mkdtemp, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { CrashFile } from "rowgate/testing"
import type { Way } from "./loader-settings.ts"
import { correctionsCsv, laterCsv, laterFiles } from "./mode-oracle.ts"

const made = new WeakMap<CrashFile, Map<Way, Promise<readonly string[]>>>()

/** Paths of a loader's additional files. All trials of a file share them. */
export function sideFiles(file: CrashFile, way: Way): Promise<readonly string[]> {
  const ofFile = made.get(file) ?? new Map<Way, Promise<readonly string[]>>()
  made.set(file, ofFile)
  const paths = ofFile.get(way) ?? written(textsOf(file, way))
  ofFile.set(way, paths)
  return paths
}

function textsOf(file: CrashFile, way: Way): readonly string[] {
  if (way === "scd2 files") return laterFiles.map((suffix) => laterCsv(file, suffix))
  return way === "replay" ? [correctionsCsv(file)] : []
}

async function written(texts: readonly string[]): Promise<readonly string[]> {
  if (texts.length === 0) return []
  const home = await mkdtemp(join(tmpdir(), "rowgate-side-"))
  process.once("exit", () => rmSync(home, { recursive: true, force: true }))
  return Promise.all(
    texts.map(async (text, at) => {
      const path = join(home, `side-${at}.csv`)
      await writeFile(path, text)
      return path
    }),
  )
}
