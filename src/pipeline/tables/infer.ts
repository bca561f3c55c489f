import { silentLogger } from "../../contract/logger.ts"
import type { Parser } from "../../contract/parser.ts"
import { parserKind, sourceKind } from "../../contract/part-kinds.ts"
import type { Source } from "../../contract/source.ts"
import { normalize } from "../../normalize/normalize.ts"
import type { Normalizer } from "../../normalize/normalizer.ts"
import { checkArgument } from "../../options/check-argument.ts"
import { checkOptions } from "../../options/check-options.ts"
import { abortSignal, anyText, list, text, whole } from "../../options/option-kinds.ts"
import { autoParser } from "../../parsers/auto.ts"
import type { Proposal } from "../../profile/proposal.ts"
import { type ProposeOptions, propose } from "../../profile/propose.ts"
import { abortable } from "../run/aborted.ts"
import { inferredNormalizer } from "./inferred-normalizer.ts"

/** A contract inferred from a file: a normalizer for each column, and the columns that were always filled. */
export interface InferredContract {
  /** What the sample suggests for each column. */
  readonly proposal: Proposal
  /** For `normalize({ columns })`. */
  readonly columns: { readonly [name: string]: Normalizer<unknown> }
  /** For `score({ expected })`. */
  readonly expected: readonly string[]
}

/** Options of `inferContract`. */
export interface InferOptions extends ProposeOptions {
  /** Default: detected from the bytes. */
  readonly parser?: Parser<unknown> | undefined
  /** Texts that count as null, as in `normalize({ nulls })`: pass the same to both. Default: none. */
  readonly nulls?: readonly string[] | undefined
  /** Aborts the inference. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Proposes a contract from the first table of a source's first file. A score under it is provisional: it judges rows by what they
 * themselves suggested. Throws what the source and the parser throw, and `ABORTED` if the signal is aborted.
 */
export async function inferContract(source: Source, options: InferOptions = {}): Promise<InferredContract> {
  checkArgument("inferContract()", source, sourceKind())
  checkOptions("inferContract()", options, {
    rows: whole(1),
    locale: text(),
    parser: parserKind<unknown>(),
    nulls: list(anyText()),
    signal: abortSignal(),
  })
  const { parser = autoParser(), nulls = [], signal = new AbortController().signal } = options
  const stage = nulls.length === 0 ? undefined : normalize<unknown>({ nulls })
  const context = { runId: "infer", signal, logger: silentLogger, asOf: new Date(0) }
  for await (const file of abortable(source.files(context), signal)) {
    const batches = abortable(parser.parse(file, context), signal)
    const proposal = await propose(stage === undefined ? batches : stage(batches, context), options)
    const columns = Object.fromEntries(proposal.columns.map((column) => [column.name, inferredNormalizer(column)]))
    return { proposal, columns, expected: proposal.columns.filter(({ filled }) => filled).map(({ name }) => name) }
  }
  return { proposal: { table: "", rows: 0, columns: [] }, columns: {}, expected: [] }
}
