import { Plan } from "../../contract/plan.ts"
import { declarationOf, type VerdictDependence } from "../../contract/rule.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { TableBatch } from "../../model/table-batch.ts"
import { checkOptions } from "../../options/check-options.ts"
import type { OptionSpec } from "../../options/option-kind.ts"
import { abortSignal, instant, needed, position } from "../../options/option-kinds.ts"
import { weightsKind } from "../../score/score-option-spec.ts"
import { PartStates } from "../../validate/parts/part-states.ts"
import type { AnyRow, Definition } from "../build/definition.ts"
import { definitionOf } from "../build/definition-of.ts"
import { flow } from "../build/flow.ts"
import type { LoadPipeline } from "../build/pipeline.ts"
import { inputKind, type SourceInput } from "../build/source-of.ts"
import { abortable } from "../run/aborted.ts"
import { runContext } from "../run/run-context.ts"
import type { RunOptions } from "../run/run-options.ts"
import { scoring } from "../run/scoring.ts"
import { sourceOfRun } from "../run/source-of-run.ts"
import type { PartialScore } from "./partial-score.ts"

/** Options of `scoreSource`. */
export interface ScoreSourceOptions extends Pick<RunOptions, "weights" | "signal"> {
  /** Where the rows are: anything that `from` accepts with one file. Default: the source of the pipeline. */
  readonly source?: SourceInput | undefined
  /** The number of the part, from 0. Parts are merged in this order, which decides which row of a key is the first. Default: 0. */
  readonly part?: number | undefined
  /** The time at which rows are judged. Give all parts the same. */
  readonly asOf: Date
}

const optionSpec: OptionSpec<ScoreSourceOptions> = {
  source: inputKind(),
  part: position(0),
  asOf: needed(instant()),
  weights: weightsKind,
  signal: abortSignal(),
}

/**
 * Scores the rows of one file as a pipeline would, and loads nothing. Pass the results for the parts of a table to `mergeScorecards`. Throws what `run`
 * throws for files that cannot be read, and `PIPELINE_INVALID` if the source has no file or several.
 */
export async function scoreSource(pipeline: LoadPipeline<AnyRow>, options: ScoreSourceOptions): Promise<PartialScore> {
  checkOptions("scoreSource()", options, optionSpec)
  const definition = definitionOf("scoreSource()", pipeline)
  const { part = 0, asOf } = options
  const context = runContext(definition, options)
  const { scorer, ruleset, weights } = scoring(definition, options.weights, asOf)
  const states = await PartStates.of()
  const passed = new PassedRows()
  const alone = new LoneRejects()
  let files = 0
  for await (const file of abortable(sourceOfRun(definition, options).files(context), context.signal)) {
    if (++files > 1) break
    const within = { ...context, plan: new Plan(), states, reuse: true }
    for await (const batch of abortable(flow(definition, file, within), context.signal)) {
      scorer.add(batch)
      alone.add(batch, passed.rows)
      passed.add(batch)
    }
  }
  if (files !== 1) throw notOneFile(files)
  const obstacle = obstacleOf(definition)
  return {
    part,
    ruleset,
    weights,
    asOf: asOf.toISOString(),
    tally: scorer.tally.toJSON(),
    keys: Buffer.from(await states.export()).toString("base64"),
    passed: passed.toBase64(),
    alone: alone.toJSON(),
    ...(obstacle === undefined ? {} : { obstacle }),
  }
}

/** Why the verdicts of a part depend on other parts in a way that adding up counts does not cover. */
function obstacleOf({ stages }: Definition): string | undefined {
  const entries = stages.flatMap((stage) => {
    const depends: readonly VerdictDependence[] = declarationOf(stage)?.depends ?? ["passing"]
    return depends.map((kind) => ({ kind, name: stage.name || "stage" }))
  })
  const remembers = entries.find(({ kind }) => kind === "remembered")
  if (remembers !== undefined) return `the stage "${remembers.name}" remembers rows in its own way`
  const first = entries.findIndex(({ kind }) => kind === "keys")
  const passing = first < 0 ? undefined : entries.slice(first).find(({ kind }) => kind === "passing")
  return passing && `the stage "${passing.name}" follows check.unique and handles passing rows only`
}

/** One bit for each row. */
class PassedRows {
  #bits = new Uint8Array(1024)
  #rows = 0

  /** How many rows there are so far. */
  get rows(): number {
    return this.#rows
  }

  add(batch: TableBatch): void {
    const bytes = (this.#rows + batch.length + 7) >> 3
    if (bytes > this.#bits.length) {
      const bits = new Uint8Array(Math.max(bytes, 2 * this.#bits.length))
      bits.set(this.#bits)
      this.#bits = bits
    }
    for (const row of batch.selection) {
      const at = this.#rows + row
      this.#bits[at >> 3] = (this.#bits[at >> 3] ?? 0) | (1 << (at & 7))
    }
    this.#rows += batch.length
  }

  toBase64(): string {
    return Buffer.from(this.#bits.subarray(0, (this.#rows + 7) >> 3)).toString("base64")
  }
}

/** The rows that only one rule rejected. */
class LoneRejects {
  readonly #rows = new Map<string, number[]>()

  /** The rows of the batch are counted from `first`. */
  add(batch: TableBatch, first: number): void {
    for (const row of batch.rejected()) {
      const rules = new Set<string>()
      for (const { rule, severity } of batch.issues.found(row)) if (severity === "error") rules.add(rule)
      const [only = ""] = rules
      if (rules.size !== 1) continue
      const rows = this.#rows.get(only)
      if (rows === undefined) this.#rows.set(only, [first + row])
      else rows.push(first + row)
    }
  }

  toJSON(): PartialScore["alone"] {
    return Object.fromEntries(this.#rows)
  }
}

function notOneFile(files: number): RowgateError {
  return new RowgateError({
    code: "PIPELINE_INVALID",
    message: `scoreSource() scores one file, but the source has ${files === 0 ? "none" : "several"}.`,
    remedy: "Call it for each file, with its own part number, and merge the results with mergeScorecards().",
  })
}
