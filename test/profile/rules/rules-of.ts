import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { observeFile } from "../../../src/cli/contract/observe-file.ts"

/** The rules that are proposed for a file. */
export async function rulesOfFile(path: string) {
  const { rules } = await observeFile(path, { sheet: undefined, path: undefined, header: undefined }, new AbortController().signal)
  return rules
}

export type Rules = Awaited<ReturnType<typeof rulesOfFile>>

/** The rules of a table of texts, as they are proposed for its csv file. */
export async function rulesOf(columns: readonly string[], rows: readonly (readonly string[])[]): Promise<Rules> {
  const line = (cells: readonly string[]) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",")
  const folder = await mkdtemp(join(tmpdir(), "rowgate-rules-"))
  try {
    const path = join(folder, "table.csv")
    await writeFile(path, `${[columns, ...rows].map(line).join("\n")}\n`)
    return await rulesOfFile(path)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The dependencies as `determinant > column`. */
export function dependencies(rules: Rules, which: "proven" | "likely"): readonly string[] {
  return rules.flatMap((rule) =>
    rule.kind === "dependency" && (rule.thin === undefined) === (which === "proven") ? [`${rule.determinant} > ${rule.column}`] : [],
  )
}

/** The rules that require a column, and why they are comments. */
export const conditions = (rules: Rules) =>
  rules.flatMap((rule) => (rule.kind === "requiredIf" ? [[rule.column, rule.condition, rule.values, rule.thin] as const] : []))
