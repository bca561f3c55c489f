import { silentLogger } from "../../contract/logger.ts"
import type { Parser } from "../../contract/parser.ts"
import { parserKind, sourceKind } from "../../contract/part-kinds.ts"
import type { Source } from "../../contract/source.ts"
import type { Normalizer } from "../../normalize/normalizer.ts"
import { checkArgument } from "../../options/check-argument.ts"
import { checkOptions } from "../../options/check-options.ts"
import { abortSignal, whole } from "../../options/option-kinds.ts"
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
  /** Aborts the inference. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Proposes a contract from the first table of a source's first file. A score under it is provisional: it judges rows by what they
 * themselves suggested. Throws what the source and the parser throw, and `ABORTED` if the signal is aborted.
 */
export async function inferContract(source: Source, options: InferOptions = {}): Promise<InferredContract> {
  checkArgument("inferContract()", source, sourceKind())
  checkOptions("inferContract()", options, { rows: whole(1), parser: parserKind<unknown>(), signal: abortSignal() })
  const { parser = autoParser(), signal = new AbortController().signal } = options
  const context = { runId: "infer", signal, logger: silentLogger, asOf: new Date(0) }
  for await (const file of abortable(source.files(context), signal)) {
    const proposal = await propose(abortable(parser.parse(file, context), signal), options)
    const columns = Object.fromEntries(proposal.columns.map((column) => [column.name, inferredNormalizer(column)]))
    return { proposal, columns, expected: proposal.columns.filter(({ filled }) => filled).map(({ name }) => name) }
  }
  return { proposal: { table: "", rows: 0, columns: [] }, columns: {}, expected: [] }
}
