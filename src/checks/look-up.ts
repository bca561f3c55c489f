import type { KeyCheck, KeyFinding } from "../contract/check.ts"
import type { Context } from "../contract/context.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import { type Dimension, dimensions } from "../model/dimension.ts"
import { checkArgument } from "../options/check-argument.ts"
import { checkOptions } from "../options/check-options.ts"
import { callback, milliseconds, oneOf, position, text as textKind, whole } from "../options/option-kinds.ts"
import { cellText } from "./cell-text.ts"
import { within } from "./within.ts"

/** Answers about one value: what is wrong with it, or nothing. */
export type Answer = LookUpFinding | undefined

/** What is wrong with a value. */
export type LookUpFinding = Omit<KeyFinding, "column" | "dimension">

/** Options of `lookUp`. */
export interface LookUpOptions {
  /** The dimension that loses points. Default: `"accuracy"`. */
  readonly dimension?: Dimension | undefined
  /** How many values are looked up at the same time. Default: 8. */
  readonly concurrency?: number | undefined
  /** The most milliseconds that one answer may take. Default: 10,000. */
  readonly timeoutMs?: number | undefined
  /** How often to ask about a value, including the first time. Default: 3. */
  readonly attempts?: number | undefined
  /** The pause before the second attempt, in milliseconds; each further pause is twice as long. Default: 200. */
  readonly delayMs?: number | undefined
  /** How many answers are remembered. Default: 100,000. */
  readonly cache?: number | undefined
  /**
   * What happens if there is no answer after all attempts: `"stop"` (default) stops the delivery with `LOOKUP_FAILED`, and `"warn"` gives the row the warning
   * `lookUp.failed`, which costs nothing.
   */
  readonly onFailure?: "stop" | "warn" | undefined
}

/**
 * Checks values by asking a service or a database: `lookUp("vat", (number, { signal }) => findCompany(number, signal))`. The function receives the text of a
 * value and returns a promise of a finding, or of nothing. Each distinct value is asked once. Pass the signal on: it is aborted if the answer takes too long
 * or the run ends.
 */
export function lookUp<const K extends string>(
  column: K,
  ask: (value: string, context: { readonly signal: AbortSignal }) => Promise<Answer>,
  options: LookUpOptions = {},
): KeyCheck<K> {
  checkArgument("The column of lookUp()", column, textKind("the name of a column"), "PIPELINE_INVALID")
  checkArgument("The second argument of lookUp()", ask, callback("a function of a value that returns a promise"), "PIPELINE_INVALID")
  checkOptions<LookUpOptions>("lookUp()", options, {
    dimension: oneOf(...dimensions),
    concurrency: position(1),
    timeoutMs: milliseconds(1),
    attempts: position(1),
    delayMs: milliseconds(),
    cache: whole(0),
    onFailure: oneOf("stop", "warn"),
  })
  const { dimension = "accuracy", concurrency = 8, cache = 100_000 } = options
  const rule = `lookUp.${column}`
  return {
    kind: "key",
    name: rule,
    columns: [column],
    dimension,
    fixedState: true,
    begin: (context): Answers => ({ known: new Map(), context }),
    async test([cells], rows, state, fail) {
      if (cells === undefined) return
      const { known, context } = state as Answers
      const texts = new Map<string, Answer>()
      for (const row of rows) if (!cells.nulls.has(row)) texts.set(cellText(cells, row), undefined)
      const open: string[] = []
      for (const text of texts.keys()) {
        if (known.has(text)) texts.set(text, known.get(text))
        else open.push(text)
      }
      await inParallel(open, concurrency, async (text) => {
        texts.set(text, await answerTo(text, ask, options, rule, context))
      })
      for (const [text, answer] of texts) remember(known, text, answer, cache)
      for (const row of rows) {
        const found = cells.nulls.has(row) ? undefined : texts.get(cellText(cells, row))
        if (found !== undefined) fail(row, { ...found, column })
      }
    },
  }
}

interface Answers {
  /** The answers to the latest values, the oldest first. */
  readonly known: Map<string, Answer>
  readonly context: Context
}

function remember(known: Map<string, Answer>, text: string, answer: Answer, most: number): void {
  known.delete(text)
  // Without an answer, a value is asked about again.
  if (most === 0 || answer?.code === "lookUp.failed") return
  const [oldest] = known.keys()
  if (known.size >= most && oldest !== undefined) known.delete(oldest)
  known.set(text, answer)
}

/** Works on all items, some at a time. The first failure stops the others. */
async function inParallel<T>(items: readonly T[], most: number, work: (item: T) => Promise<void>): Promise<void> {
  let next = 0
  let hasFailed = false
  const worker = async () => {
    while (next < items.length && !hasFailed) {
      const item = items[next++] as T
      await work(item).catch((error: unknown) => {
        hasFailed = true
        throw error
      })
    }
  }
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker))
}

type Ask = (value: string, context: { readonly signal: AbortSignal }) => Promise<Answer>

async function answerTo(text: string, ask: Ask, options: LookUpOptions, rule: string, { signal }: Context): Promise<Answer> {
  const { attempts = 3, delayMs = 200, timeoutMs = 10_000, onFailure = "stop" } = options
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted()
    try {
      return await within(timeoutMs, signal, (own) => ask(text, { signal: own }))
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof RowgateError) throw error
      if (attempt < attempts) await pause(delayMs * 2 ** (attempt - 1), signal)
      else if (onFailure === "warn") {
        return { code: "lookUp.failed", message: `The check ${rule} got no answer about this value.`, severity: "warning", confidence: 0 }
      } else throw noAnswer(rule, attempts, error)
    }
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await within(undefined, signal, () => new Promise<void>((resolve) => setTimeout(resolve, ms)))
}

/** The value may be a secret, so that the message does not quote it. */
function noAnswer(rule: string, attempts: number, cause: unknown): RowgateError {
  const reason = cause instanceof Error ? cause.name : "a value that is not an error"
  return new RowgateError({
    code: "LOOKUP_FAILED",
    message: `The check ${rule} got no answer about a value after ${attempts === 1 ? "one attempt" : `${attempts} attempts`}: ${reason}.`,
    remedy: 'Make sure that the service answers and run again, or set onFailure: "warn".',
    retryable: true,
    cause,
  })
}
