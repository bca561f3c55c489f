import type { Context } from "../../contract/context.ts"
import type { SourceFile } from "../../contract/source.ts"
import type { JsonValue } from "../../model/json-value.ts"
import type { TableNotice } from "../../model/table-facts.ts"
import type { DetectedEncoding } from "../encoding/detect-encoding.ts"
import { encodingOfWhole } from "../encoding/encoding-of-whole.ts"
import type { OtherReading } from "../encoding/other-readings.ts"
import { planKey } from "../plan-key.ts"
import type { CsvSettings } from "./csv-options.ts"
import type { KnownEncoding } from "./scan/text-feed.ts"

/**
 * Checks whether the sample's encoding is that of the whole file. This happens once, when a row contains bytes that the encoding does not define, or
 * that are control characters in it.
 */
export class EncodingDoubt {
  readonly #file: SourceFile
  readonly #context: Context
  readonly #table: string
  /** The declared encoding, or the one that an earlier reading found. */
  readonly known: KnownEncoding | undefined
  #isResolved: boolean

  constructor(file: SourceFile, { encoding }: CsvSettings, context: Context) {
    this.#file = file
    this.#context = context
    this.#table = planKey(file.uri)
    this.known = encoding === undefined ? settledEncoding(context, this.#table) : { encoding, confidence: 1, evidence: "declared" }
    this.#isResolved = this.known !== undefined || context.plan?.isRevisable !== true
  }

  /** Reads the whole file, and contradicts the plan if the file has a different encoding. */
  async resolve(read: DetectedEncoding): Promise<void> {
    if (this.#isResolved || read.mark > 0) return
    this.#isResolved = true
    const found = await encodingOfWhole(this.#file.stream(undefined, { reuse: true }), this.#context.signal)
    const { encoding, confidence, evidence } = found
    if (encoding === read.encoding) return
    const others = (found.others ?? []).map((other) => ({ ...other }))
    this.#context.plan?.contradict({ dialects: { [this.#table]: { encoding: { value: encoding, confidence, evidence, others } } } })
  }
}

function settledEncoding({ plan }: Context, table: string): KnownEncoding | undefined {
  const fact = plan?.dialect(table)?.["encoding"]
  if (typeof fact !== "object" || fact === null || !("value" in fact)) return undefined
  const { value, confidence, evidence, others } = fact
  return {
    encoding: String(value),
    confidence: Number(confidence),
    evidence: String(evidence),
    others: Array.isArray(others) ? others.flatMap(readingOf) : [],
  }
}

function readingOf(other: JsonValue): OtherReading[] {
  if (typeof other !== "object" || other === null || !("encoding" in other)) return []
  const { encoding, line, text, instead } = other
  return [{ encoding: String(encoding), line: Number(line), text: String(text), instead: String(instead) }]
}

/** Says that the text may be in another encoding, and how its first line would differ. */
export function encodingNotice({ encoding, confidence, others = [] }: DetectedEncoding): TableNotice | undefined {
  const [first] = others
  if (first === undefined) return undefined
  const readings = others.map(
    ({ encoding: other, line, text, instead }) =>
      `In ${other}, line ${line} is ${JSON.stringify(text)} instead of ${JSON.stringify(instead)}.`,
  )
  return {
    code: "encoding.doubt",
    message:
      `The encoding is uncertain. The text was read in ${encoding}, with a confidence of ${confidence}. ${readings.join(" ")} ` +
      "Pass csv({ encoding }) to declare it.",
    row: first.line,
    quotes: others.flatMap(({ text, instead }) => [JSON.stringify(text), JSON.stringify(instead)]),
  }
}
