import { readFile, stat } from "node:fs/promises"
import type { Parser } from "../contract/parser.ts"
import type { Source } from "../contract/source.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import type { Reject } from "../model/reject.ts"
import type { RunReport } from "../model/run-report.ts"
import { detect, type SuspectCell } from "../pipeline/tables/detect.ts"
import { profile, type SourceTableProfile } from "../pipeline/tables/profile.ts"
import type { ReadTablesOptions } from "../pipeline/tables/read-tables.ts"
import { profilePage } from "../report/page/profile-page.ts"
import { isReports } from "../report/page/report-kinds.ts"
import { reportPage } from "../report/page/report-page.ts"
import type { Input } from "./inputs/input.ts"
import { writeText } from "./output-file.ts"

/** The rows of a delivered file that are profiled for its page, so that the page costs little beside the load of a large file. */
const mostProfiled = 100_000
/** More suspects than a page shows. */
const mostSuspects = 2000

/** What a page of a load is made of. */
export interface LoadPage {
  readonly reports: readonly RunReport[]
  readonly rejects: readonly Reject[]
  /** The files, with the parser of each if options describe one. */
  readonly sources: readonly { readonly source: Source; readonly parser: Parser | undefined }[]
  readonly redact: readonly string[] | undefined
  readonly facts: { readonly [name: string]: string | undefined }
  readonly signal: AbortSignal
}

/** Writes the page of a load. The files are read once more, at most their first rows, for the distributions of their columns. */
export async function writeLoadPage(path: string, { reports, rejects, sources, redact, facts, signal }: LoadPage): Promise<void> {
  const isRead = reports.some(({ deliveries }) => deliveries.some(({ columns }) => columns !== undefined))
  const profiles: SourceTableProfile[] = []
  if (isRead) for (const { source, parser } of sources) profiles.push(...(await profilesOf(source, parser, signal)))
  await writeText(path, reportPage(reports, { rejects, profiles, redact, facts, createdAt: new Date() }))
}

/** The profile only adds to the page: a source that can be read once, or a file that needs another parser, has none. */
async function profilesOf(source: Source, parser: Parser | undefined, signal: AbortSignal): Promise<readonly SourceTableProfile[]> {
  try {
    return await profile(source, { parser, rows: mostProfiled, signal })
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof RowgateError) return []
    throw error
  }
}

/** A saved report is small: it holds no rows. */
const mostOfReport = 256 * 1024 * 1024

/** Writes the page of a saved report, or else of the profiles of a file. */
export async function writeFilePage(
  path: string,
  files: readonly Input[],
  { redact, signal }: { readonly redact: readonly string[] | undefined; readonly signal: AbortSignal },
): Promise<void> {
  const [first] = files
  const saved = files.length === 1 && first?.path !== undefined ? await savedReport(first.path) : undefined
  if (saved !== undefined) return await writeText(path, reportPage(saved, { redact, createdAt: new Date() }))
  await writeProfilePage(
    path,
    files.map(({ source }) => source),
    { redact, reading: { signal } },
  )
}

/** The report in a file of JSON; undefined if there is none. */
async function savedReport(path: string): Promise<RunReport | readonly RunReport[] | undefined> {
  const found = await stat(path).catch(() => undefined)
  if (!path.toLowerCase().endsWith(".json") || found === undefined || found.size > mostOfReport) return undefined
  try {
    const value: unknown = JSON.parse(await readFile(path, "utf8"))
    return isReports(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** How a page of profiles is made. */
export interface ProfilePageChoice {
  readonly redact: readonly string[] | undefined
  readonly reading: ReadTablesOptions & { readonly columns?: readonly string[] | undefined }
}

/** Writes the page of profiles, with the cells that are probably wrong. */
export async function writeProfilePage(path: string, sources: readonly Source[], { redact, reading }: ProfilePageChoice): Promise<void> {
  const profiles: SourceTableProfile[] = []
  const suspects: SuspectCell[] = []
  for (const source of sources) {
    profiles.push(...(await profile(source, reading)))
    suspects.push(...(await suspectsOf(source, reading)))
  }
  await writeText(path, profilePage(profiles, { suspects, redact, createdAt: new Date() }))
}

/** A large table is read twice to find suspects; if its source can be read only once, the page has none. */
async function suspectsOf(source: Source, reading: ProfilePageChoice["reading"]): Promise<readonly SuspectCell[]> {
  const found: SuspectCell[] = []
  try {
    for await (const cell of detect(source, reading)) if (found.push(cell) >= 2 * mostSuspects) keepMost(found)
  } catch (error) {
    reading.signal?.throwIfAborted()
    if (!(error instanceof RowgateError)) throw error
  }
  return found
}

/** Keeps the most suspicious cells. */
function keepMost(cells: SuspectCell[]): void {
  cells.sort((one, other) => other.suspicion - one.suspicion)
  cells.length = mostSuspects
}
