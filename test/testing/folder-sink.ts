import { access, appendFile, link, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { RowgateError, type Sink } from "rowgate"
import type { CrashRow } from "rowgate/testing"

/** A folder as a target, and the defect of the sink, if any. */
export interface FolderSettings {
  readonly folder: string
  readonly wrong?: "commits in two steps" | "shows every batch at once" | "forgets what it loaded" | "leaves a timer"
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  )

/** Writes one file of rows for each content. It gets its name in one step, so a later load finds the name taken. */
export function folderSink({ folder, wrong }: FolderSettings): Sink<CrashRow> {
  return {
    name: "folder",
    delivery: "once",
    async open(_context, { id, sha256 = "" }) {
      const path = join(folder, `${sha256}.ndjson`)
      const marker = wrong === "commits in two steps" ? `${path}.done` : path
      const duplicateOf = wrong !== "forgets what it loaded" && (await exists(marker)) ? sha256 : undefined
      const lines: string[] = []
      const draft = join(folder, `${id}.draft`)
      const loaded = (count: number) => ({ loaded: count, superseded: 0, skipped: 0, refused: [] })
      if (wrong === "leaves a timer") setInterval(() => undefined, 60_000)
      let rows = 0
      return {
        duplicateOf,
        async write(batch) {
          for (const { id, name, amount, day } of batch.rows) {
            lines.push(`${JSON.stringify({ id, name, amount, day: day.toISOString().slice(0, 10) })}\n`)
            rows++
          }
          if (wrong === "shows every batch at once") await appendFile(path, lines.splice(0).join(""))
        },
        async settle() {
          if (wrong === "commits in two steps") await appendFile(path, lines.splice(0).join(""))
          return loaded(rows)
        },
        async commit() {
          if (wrong === "commits in two steps") return writeFile(marker, "")
          if (wrong === "shows every batch at once") return
          if (wrong === "forgets what it loaded") return writeFile(join(folder, `${id}.ndjson`), lines.join(""))
          await writeFile(draft, lines.join(""))
          await link(draft, path).catch((cause: unknown) => {
            throw new RowgateError({ code: "SINK_BUSY", message: "another load was faster", retryable: true, cause })
          })
        },
        async [Symbol.asyncDispose]() {
          await rm(draft, { force: true })
        },
      }
    },
  }
}

/** What a reader of the folder sees. */
export async function readFolder(folder: string): Promise<readonly object[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".ndjson"))
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")))
  return texts.flatMap((text) => text.split("\n").filter((line) => line.endsWith("}"))).map((line): object => JSON.parse(line))
}
