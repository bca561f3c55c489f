import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { runCli } from "../../src/cli.ts"
import { TextStream } from "../cli/text-stream.ts"
import { caseFile } from "./case-file.ts"

type Row = Record<string, unknown>
interface Notice {
  readonly code: string
  readonly message: string
  readonly column?: string
}
interface Reject {
  readonly origin: { readonly row: number; readonly line?: number; readonly address?: string }
  readonly raw: Row
  readonly issues: readonly { readonly code: string; readonly message: string; readonly column?: string }[]
}

/** What `rowgate ingest FILE` without a contract did. */
export interface Ingested {
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
  readonly rows: readonly Row[]
  readonly rejects: readonly Reject[]
  readonly notices: readonly Notice[]
  /** How often each issue code was found. */
  readonly issues: Readonly<Record<string, number>>
  readonly read: number
  /** The kind that was inferred for each column, in the order of the file. */
  readonly kinds: Readonly<Record<string, string>>
  /** Score of the first delivery. */
  readonly score: { readonly overall: number; readonly provisional?: boolean } | undefined
}

/** Runs the command on a case, as somebody without a contract does, and reads what it wrote. */
export async function ingested(name: string, ...flags: readonly string[]): Promise<Ingested> {
  const folder = await mkdtemp(join(tmpdir(), "rowgate-case-"))
  try {
    const [out, rejects] = [join(folder, "out.ndjson"), join(folder, "rejects.ndjson")]
    const argv = ["ingest", caseFile(name), "--no-config", "--to", out, "--rejects", rejects, "--json", ...flags]
    const { exit, stdout, stderr } = await command(argv, folder)
    const report = stdout.startsWith("{") ? JSON.parse(stdout) : { deliveries: [] }
    const [delivery = {}] = report.deliveries
    const [dialect = {}] = Object.values<{ inferred?: { column: string; kind: string }[] }>(delivery.plan?.dialects ?? {})
    const kinds = Object.fromEntries((dialect.inferred ?? []).map(({ column, kind }) => [column, kind]))
    return {
      exit,
      stdout,
      stderr,
      rows: (await lines(out)) as Row[],
      rejects: (await lines(rejects)) as Reject[],
      notices: delivery.notices ?? [],
      issues: delivery.issues ?? {},
      read: report.read ?? 0,
      kinds,
      score: delivery.score,
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** The codes of what a run noticed: of its notices, and of the issues of its rows. */
export const codesOf = ({ notices, issues }: Ingested): string[] => [...notices.map(({ code }) => code), ...Object.keys(issues)]

/** The rows that `rowgate read FILE` prints. */
export async function readCase(name: string, ...flags: readonly string[]): Promise<{ table: string; row: number; cells: Row }[]> {
  const { exit, stdout, stderr } = await command(["read", caseFile(name), ...flags])
  if (exit !== 0) throw new Error(stderr)
  return stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}

/** Runs the command in a folder. */
export async function command(argv: readonly string[], cwd = tmpdir()): Promise<{ exit: number; stdout: string; stderr: string }> {
  const [stdout, stderr] = [new TextStream(), new TextStream()]
  const exit = await runCli([...argv], { stdout, stderr, env: {}, cwd })
  return { exit, stdout: stdout.text, stderr: stderr.text }
}

async function lines(path: string): Promise<unknown[]> {
  const text = await readFile(path, "utf8").catch(() => "")
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}
