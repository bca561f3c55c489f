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

/** A corrected row: its cells under the names of the file, and the number of the reject that it corrects. */
export interface CorrectedRow {
  /** The number of the reject, from `storedRejects`. */
  readonly _reject: number
  /** The delivery of the reject. Default: the delivery that `replay` is called for. */
  readonly _run?: string | undefined
  readonly [column: string]: unknown
}

/** Options of `replay`. */
export interface ReplayOptions extends Omit<RunOptions, "source" | "reload"> {
  /** Reports what the replay would do and changes nothing, as `plan` does for a run. Default: false. */
  readonly dryRun?: boolean | undefined
  /** The parser of the corrected file. Default: the format is detected from its bytes, and its first row is the header. */
  readonly parser?: Parser<unknown> | undefined
}

/** Loads corrected rows of a delivery through the same pipeline, as a new delivery that names what it corrects. */
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
  return run(await correctedDefinition(definition, delivery, corrections, parser), options)
}

/** The definition that loads corrected rows of a delivery. */
export async function correctedDefinition(
  definition: Definition,
  delivery: string,
  corrections: Source | Iterable<CorrectedRow> | AsyncIterable<CorrectedRow>,
  parser?: Parser<unknown>,
): Promise<Definition> {
  if (!definition.sinks.some((sink) => sink.delivery === "once")) {
    throw new RowgateError({
      code: "PIPELINE_INVALID",
      message: `The pipeline ${definition.options.name} has no sink that keeps a ledger, so it has no record of rejects to correct.`,
      remedy: "Load into postgres() or pglite().",
    })
  }
  const [source, inner] = "files" in corrections ? [corrections, parser ?? firstRowIsHeader()] : await held(corrections)
  return {
    ...definition,
    source,
    parser: correctionParser(inner),
    corrects: (file, context) => readCorrection(delivery, inner, file, context),
  }
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

/** Reads the rows twice: it must know which rejects they correct before it loads the first one. */
async function held(rows: Iterable<CorrectedRow> | AsyncIterable<CorrectedRow>): Promise<readonly [Source, Parser<unknown>]> {
  const all: CorrectedRow[] = []
  for await (const row of rows) all.push(row)
  const [source, parser] = inMemory(all)
  return [{ ...source, name: "corrected rows" }, parser]
}
