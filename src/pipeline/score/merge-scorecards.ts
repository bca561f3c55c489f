import { RowgateError } from "../../errors/rowgate-error.ts"
import type { Scorecard } from "../../model/scorecard.ts"
import { checkArgument } from "../../options/check-argument.ts"
import type { OptionKind } from "../../options/option-kind.ts"
import { kind, list } from "../../options/option-kinds.ts"
import { judgedColumns, type Ruleset, recordedColumns, rulesetHash } from "../../score/ruleset.ts"
import { scorecard } from "../../score/scorecard.ts"
import { microUnits, Tally } from "../../score/tally.ts"
import { mergeStates } from "../../validate/parts/merge-states.ts"
import { entryKey, readKnowledge } from "../../validate/parts/part-states.ts"
import { openStates } from "../../validate/parts/states-file.ts"
import type { PartialScore } from "./partial-score.ts"

/** The keys of a part as a file in memory. */
interface KeysOfPart {
  readonly part: number
  readonly size: number
  read(start: number, end: number): Promise<Uint8Array>
}

/**
 * The scorecard of a table from the scores of its parts, in any order. It is that of the whole table to the last bit, also if parts have keys in common, but names
 * no worst rows: the parts may be files of their own.
 *
 * Throws `CONFIG_INVALID` if parts were scored by different rules, weights or instants, or have the same number, and `PIPELINE_INVALID` if there are
 * several parts and a stage after `check.unique`, or a check that remembers rows, would have to see them together.
 *
 * ```ts typecheck
 * import { createPipeline, check, memory } from "rowgate"
 * import { mergeScorecards, scoreSource } from "rowgate/score"
 *
 * const orders = createPipeline({ name: "orders" }).check(check.unique("id")).into(memory())
 * const asOf = new Date("2025-07-01")
 * const parts = await Promise.all(["a.csv", "b.csv"].map((source, part) => scoreSource(orders, { source, part, asOf })))
 * console.log((await mergeScorecards(parts)).overall)
 * ```
 */
export async function mergeScorecards(parts: readonly PartialScore[]): Promise<Scorecard> {
  checkArgument("mergeScorecards()", parts, list(partialKind(), "a list of what scoreSource() returned"))
  const ordered = [...parts].sort((one, other) => one.part - other.part)
  const [first, ...others] = ordered
  if (first === undefined) throw invalid("mergeScorecards() needs the score of at least one part.", "Pass what scoreSource() returned.")
  refuseContradictions(first, others)
  const tally = new Tally()
  for (const part of ordered) tally.merge(Tally.fromJSON(part.tally))
  if (others.length > 0) await addRepeats(tally, first.ruleset, ordered)
  return { ...scorecard(tally, first.ruleset, first.weights), worstRows: [] }
}

function partialKind(): OptionKind<PartialScore> {
  return kind("what scoreSource() returned", (value) => {
    const { ruleset, tally, keys } = Object(value) as { readonly [name: string]: unknown }
    return typeof ruleset === "object" && typeof tally === "object" && typeof keys === "string"
  })
}

/** Books the rows whose key an earlier part has: within their own part, each of them was the first. */
async function addRepeats(tally: Tally, ruleset: Ruleset, parts: readonly PartialScore[]): Promise<void> {
  const files = parts.map(({ part, keys }): KeysOfPart => {
    const bytes = Buffer.from(keys, "base64")
    return { part, size: bytes.length, read: async (start, end) => bytes.subarray(start, end) }
  })
  const merged = await mergeStates([], files)
  const rules = await keyRules(ruleset, files)
  for (const [at, { knowledge }] of merged.entries()) {
    const repeated = await readKnowledge(knowledge, `part ${merged[at]?.part}`)
    const rejecting = new Map<number, Set<string>>()
    for (const { key, rule, column, isFirst } of rules) {
      const rows = rowsOf(repeated.get(key) ?? new Uint8Array(0))
      for (const row of rows) rejecting.set(row, (rejecting.get(row) ?? new Set()).add(rule))
      tally.count(rule, "failed", rows.length)
      tally.count(rule, "rejected", rows.length)
      if (isFirst && column !== undefined) tally.add("uniqueness", rule, column, rows.length * microUnits, rows.length)
    }
    bookRejected(tally, parts[at], rejecting)
  }
}

/** Takes back that rows passed, or that one rule alone has rejected them. */
function bookRejected(tally: Tally, part: PartialScore | undefined, rejecting: ReadonlyMap<number, ReadonlySet<string>>): void {
  const passed = Buffer.from(part?.passed ?? "", "base64")
  for (const [row, rules] of rejecting) {
    if (((passed[row >> 3] ?? 0) & (1 << (row & 7))) === 0) continue
    tally.addRows(0, -1)
    const [only = ""] = rules
    if (rules.size === 1) tally.count(only, "alone", 1)
  }
  for (const [rule, rows] of Object.entries(part?.alone ?? {})) tally.count(rule, "alone", -rows.filter((row) => rejecting.has(row)).length)
}

interface KeyRule {
  /** Under which a part knows its repeated rows. */
  readonly key: string
  readonly rule: string
  /** The recorded column that it costs; undefined if it does not count. */
  readonly column: string | undefined
  /** Whether no earlier rule has the same key: of equal losses, the first one counts. */
  readonly isFirst: boolean
}

/** The rules that have keys, in the order of the ruleset. */
async function keyRules(ruleset: Ruleset, files: readonly KeysOfPart[]): Promise<readonly KeyRule[]> {
  const keys = new Map<string, string>()
  for (const file of files) {
    // A rule that is applied twice finds the same rows.
    for (const section of await openStates(file, `part ${file.part}`)) if (section.nth === 0) keys.set(section.rule, entryKey(section))
  }
  const judged = judgedColumns(ruleset).get("uniqueness")
  const taken = new Set<string>()
  return ruleset.rules.flatMap((rule): readonly KeyRule[] => {
    const [column = ""] = recordedColumns(rule)
    const key = keys.get(rule.name)
    if (key === undefined) {
      if (rule.dimension !== "uniqueness") return []
      const shared = ruleset.rules.find((other) => keys.has(other.name) && recordedColumns(other)[0] === column)
      if (shared !== undefined) throw sharedKey(rule.name, shared.name)
      return []
    }
    const isFirst = !taken.has(column)
    taken.add(column)
    return [{ key, rule: rule.name, column: judged?.has(column) === true ? column : undefined, isFirst }]
  })
}

function refuseContradictions(first: PartialScore, others: readonly PartialScore[]): void {
  const rulesOf = ({ ruleset, weights, asOf }: PartialScore) => [rulesetHash(ruleset), JSON.stringify(weights), asOf].join()
  let before = first.part
  for (const each of others) {
    if (rulesOf(each) !== rulesOf(first))
      throw invalid(
        `The parts ${first.part} and ${each.part} were scored by different rules, weights or instants.`,
        "Score all parts with the same pipeline, weights and asOf.",
      )
    if (each.part === before)
      throw invalid(`Two parts have the number ${before}.`, "Give each part its own number: scoreSource(pipeline, { part }).")
    before = each.part
  }
  const alone = [first, ...others].find(({ obstacle }) => obstacle !== undefined)
  if (others.length === 0 || alone === undefined) return
  throw new RowgateError({
    code: "PIPELINE_INVALID",
    message: `The scores of parts cannot be merged: ${alone.obstacle}.`,
    remedy: "Put check.unique behind all other stages, and leave out checks that remember rows; or score the file as a whole.",
  })
}

function sharedKey(rule: string, key: string): RowgateError {
  return new RowgateError({
    code: "PIPELINE_INVALID",
    message: `The scores of parts cannot be merged: the rules ${rule} and ${key} judge the uniqueness of the same cells.`,
    remedy: "Give one of the rules another dimension.",
  })
}

function invalid(message: string, remedy: string): RowgateError {
  return new RowgateError({ code: "CONFIG_INVALID", message, remedy })
}

/** The rows whose bits are set. */
function rowsOf(bits: Uint8Array): readonly number[] {
  const rows: number[] = []
  for (const [place, byte] of bits.entries()) for (let bit = 0; bit < 8; bit++) if ((byte & (1 << bit)) !== 0) rows.push(8 * place + bit)
  return rows
}
