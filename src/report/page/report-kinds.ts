import type { Reject } from "../../model/reject.ts"
import type { RunReport } from "../../model/run-report.ts"
import type { OptionKind } from "../../options/option-kind.ts"
import { kind, list } from "../../options/option-kinds.ts"
import { shownType } from "../../options/shown-value.ts"
import type { SuspectCell } from "../../pipeline/tables/detect.ts"
import type { SourceTableProfile } from "../../pipeline/tables/profile.ts"
import type { StoredRun } from "../../postgres/operations/stored-runs.ts"

/** A report of `run()`, or several. A report may come from a file, so that each part that the page needs is checked. */
export function reportKind(): OptionKind<RunReport | readonly RunReport[]> {
  return kind("a report, as run() returns it, or a list of reports", isReports, shownType)
}

export function rejectListKind(): OptionKind<readonly Reject[]> {
  const reject = kind<Reject>(
    "a reject",
    (value) => isObject(value) && isObject(value["origin"]) && isObject(value["raw"]) && Array.isArray(value["issues"]),
    shownType,
  )
  return list(reject, "a list of rejects")
}

export function profilesKind(): OptionKind<readonly SourceTableProfile[]> {
  const profile = kind<SourceTableProfile>(
    "a profile",
    (value) => isObject(value) && typeof value["uri"] === "string" && Array.isArray(value["columns"]),
    shownType,
  )
  return list(profile, "a list of profiles, as profile() returns them")
}

/** Whether a value, such as what a file of JSON holds, is the report of a run or a list of reports. */
export function isReports(value: unknown): value is RunReport | readonly RunReport[] {
  const all = Array.isArray(value) ? value : [value]
  return all.length > 0 && all.every(isReport)
}

function isReport(value: unknown): boolean {
  return (
    isObject(value) &&
    typeof value["runId"] === "string" &&
    typeof value["pipeline"] === "string" &&
    hasCounts(value) &&
    isListOf(value["deliveries"], isDelivery)
  )
}

function isDelivery(value: unknown): boolean {
  if (!isObject(value)) return false
  const { deliveryId, uri, outcome, issues, notices, plan, columns = [], score } = value
  return (
    [deliveryId, uri, outcome].every((each) => typeof each === "string") &&
    hasCounts(value) &&
    isObject(issues) &&
    Object.values(issues).every((each) => typeof each === "number") &&
    isListOf(notices, (notice) => isObject(notice) && typeof notice["message"] === "string") &&
    isObject(plan) &&
    isListOf(columns, isObject) &&
    (score === undefined || score === null || isScore(score))
  )
}

function isScore(value: unknown): boolean {
  if (!isObject(value)) return false
  const { coverage, dimensions, lost, rules, columns, weights, ruleset } = value
  return (
    typeof coverage === "number" &&
    [dimensions, weights, ruleset].every(isObject) &&
    isListOf(lost, (each) => isObject(each) && typeof each["points"] === "number") &&
    isListOf(rules, (each) => isObject(each) && Array.isArray(each["columns"])) &&
    isListOf(columns, isObject)
  )
}

function hasCounts(value: { readonly [name: string]: unknown }): boolean {
  return ["read", "loaded", "rejected", "filtered", "superseded", "skipped", "withheld"].every((name) => Number.isSafeInteger(value[name]))
}

function isListOf(value: unknown, accepts: (each: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(accepts)
}

function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

export function suspectsKind(): OptionKind<readonly SuspectCell[]> {
  const suspect = kind<SuspectCell>(
    "a suspect",
    (value) => isObject(value) && typeof value["uri"] === "string" && Array.isArray(value["reasons"]),
    shownType,
  )
  return list(suspect, "a list of suspects, as detect() yields them")
}

export function storedRunKind(): OptionKind<StoredRun> {
  return kind(
    "a delivery of the ledger",
    (value) => isObject(value) && typeof value["pipeline"] === "string" && value["startedAt"] instanceof Date,
    shownType,
  )
}
