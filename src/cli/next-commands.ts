import { createRequire } from "node:module"
import type { RunReport } from "../model/run-report.ts"
import type { CommandCall } from "./command.ts"
import type { FileGroup } from "./file-groups.ts"
import type { IngestSettings } from "./ingest-settings.ts"
import { shellWord } from "./shell-word.ts"
import { tableText } from "./table-name.ts"

/** The commands that show the rows of a load, its rejects and its report: one line each, to copy. */
export function nextCommands(
  { table }: FileGroup,
  report: RunReport,
  { target, rejects, dryRun }: IngestSettings,
  call: CommandCall,
): readonly string[] {
  if (target.kind === "ndjson")
    return [
      ...(report.loaded > 0 ? [`rows: ${target.path}`] : []),
      ...rejectsOf(report, rejects, "not kept; name a file for them with --rejects"),
    ]
  const database = databaseOptions(call)
  const { program } = call
  const rows = report.loaded > 0 ? [`rows: ${program} show ${shellWord(tableText(table))}${database}`] : []
  if (dryRun) return report.rejected === 0 ? rows : [...rows, "rejects: a plan keeps none; the first ones are shown above"]
  const [first, ...others] = report.deliveries.filter(({ rejected }) => rejected > 0)
  const more = others.length === 0 ? "" : `, and ${others.length} more: ${program} runs${database}`
  return [
    ...rows,
    ...(first === undefined ? [] : rejectsOf(report, rejects, `${program} rejects ${first.deliveryId} ${fileOption()}${database}${more}`)),
    ...reportLine(report, call, database),
  ]
}

function rejectsOf(report: RunReport, path: string | undefined, otherwise: string): readonly string[] {
  if (report.rejected === 0) return []
  const isWritten = path !== undefined && report.deliveries.some(({ outcome }) => outcome === "loaded" || outcome === "refused")
  return [`rejects: ${isWritten ? path : otherwise}`]
}

/** A workbook is the easiest to correct, but needs a package that is not always there. */
function fileOption(): string {
  try {
    createRequire(import.meta.url).resolve("exceljs")
    return "--xlsx rejects.xlsx"
  } catch {
    return "--csv rejects.csv"
  }
}

function reportLine({ deliveries: [first] }: RunReport, { commands, program }: CommandCall, database: string): readonly string[] {
  const takesRun = commands.some(({ name, operands }) => name === "report" && operands.includes("RUN"))
  return first === undefined || !takesRun ? [] : [`report: ${program} report ${first.deliveryId}${database}`]
}

/** The options that name the same database. No output shows a password. */
function databaseOptions({ args }: CommandCall): string {
  const given = ["to", "config"].flatMap((name) => {
    const value = args.text(name)
    return value === undefined ? [] : [` --${name} ${shellWord(withoutPassword(value))}`]
  })
  return `${given.join("")}${args.flag("no-config") ? " --no-config" : ""}`
}

function withoutPassword(target: string): string {
  if (!URL.canParse(target)) return target
  const url = new URL(target)
  if (url.password === "") return target
  url.password = ""
  return url.href
}
