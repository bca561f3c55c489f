import type { Parser } from "../../contract/parser.ts"
import { parserKind } from "../../contract/part-kinds.ts"
import type { Source } from "../../contract/source.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { RunReport } from "../../model/run-report.ts"
import { checkArgument } from "../../options/check-argument.ts"
import { checkOptions } from "../../options/check-options.ts"
import type { OptionKind, OptionSpec } from "../../options/option-kind.ts"
import { flag, kind, text } from "../../options/option-kinds.ts"
import { autoParser } from "../../parsers/auto.ts"
import type { Definition } from "../build/definition.ts"
import { inMemory } from "../build/in-memory.ts"
import { run } from "../run/run.ts"
import { runOptionSpec } from "../run/run-option-spec.ts"
import type { RunOptions } from "../run/run-options.ts"
import { correctionParser, readCorrection } from "./correction-parser.ts"

/** A rejected row with its cells corrected, by the names that the file has for them, and the number of the reject that it stands for. */
export interface CorrectedRow {
  /** Number of the reject, as `storedRejects` gives it. */
  readonly _reject: number
  /** The delivery of the reject; left out, it is the one that `replay` is called for. */
  readonly _run?: string | undefined
  readonly [column: string]: unknown
}

/** Options of `replay`. */
export interface ReplayOptions extends Omit<RunOptions, "source" | "reload"> {
  /** Says what the replay would do, as `plan` does of a run, and leaves nothing behind. Default false. */
  readonly dryRun?: boolean | undefined
  /** Reads the corrected file. Default: its format is told from its bytes, and its first row is the header. */
  readonly parser?: Parser<unknown> | undefined
}

/** Corrected rows of a delivery through the same pipeline, as a delivery of their own that says what it corrects. */
export async function replay(
  definition: Definition,
  delivery: string,
  corrections: Source | Iterable<CorrectedRow> | AsyncIterable<CorrectedRow>,
  given: ReplayOptions = {},
): Promise<RunReport> {
  checkArgument("The delivery of replay()", delivery, text("the id of a delivery"))
  checkArgument("The corrections of replay()", corrections, correctionsKind())
  checkOptions("replay()", given, replayOptionSpec)
  const { parser, ...options } = given
  if (!definition.sinks.some((sink) => sink.delivery === "once")) {
    throw new RowgateError({
      code: "PIPELINE_INVALID",
      message: `the pipeline ${definition.options.name} has no sink that keeps a ledger, so nothing knows what was rejected`,
      remedy: "Load into postgres() or pglite().",
    })
  }
  const [source, inner] = "files" in corrections ? [corrections, parser ?? firstRowIsHeader()] : await held(corrections)
  const corrected: Definition = {
    ...definition,
    source,
    parser: correctionParser(inner),
    corrects: (file, context) => readCorrection(delivery, inner, file, context),
  }
  return run(corrected, options)
}

const { source: _own, reload: _never, ...anyRun } = runOptionSpec
const replayOptionSpec: OptionSpec<ReplayOptions> = { ...anyRun, dryRun: flag(), parser: parserKind() }

function correctionsKind<T>(): OptionKind<T> {
  const isAny = (value: object) => "files" in value || Symbol.iterator in value || Symbol.asyncIterator in value
  return kind("a source or rows", (value) => typeof value === "object" && value !== null && isAny(value))
}

function firstRowIsHeader(): Parser<unknown> {
  return autoParser({ csv: { header: 1 }, xlsx: { header: 1 } })
}

/** Rows are walked twice: which rejects they stand for has to be known before the first one is loaded. */
async function held(rows: Iterable<CorrectedRow> | AsyncIterable<CorrectedRow>): Promise<readonly [Source, Parser<unknown>]> {
  const all: CorrectedRow[] = []
  for await (const row of rows) all.push(row)
  const [source, parser] = inMemory(all)
  return [{ ...source, name: "corrected rows" }, parser]
}
