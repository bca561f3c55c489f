import type { Context } from "../../contract/context.ts"
import type { SourceFile } from "../../contract/source.ts"
import type { DetectedEncoding } from "../encoding/detect-encoding.ts"
import { encodingOfWhole } from "../encoding/encoding-of-whole.ts"
import { planKey } from "../plan-key.ts"
import type { CsvSettings } from "./csv-options.ts"
import type { KnownEncoding } from "./scan/text-feed.ts"

/** Checks whether the sample's encoding is that of the whole file. This happens once, when a row contains bytes that the encoding does not define. */
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
    const { encoding, confidence, evidence } = await encodingOfWhole(this.#file.stream(undefined, { reuse: true }), this.#context.signal)
    if (encoding === read.encoding) return
    this.#context.plan?.contradict({ dialects: { [this.#table]: { encoding: { value: encoding, confidence, evidence } } } })
  }
}

function settledEncoding({ plan }: Context, table: string): KnownEncoding | undefined {
  const fact = plan?.dialect(table)?.["encoding"]
  if (typeof fact !== "object" || fact === null || !("value" in fact)) return undefined
  const { value, confidence, evidence } = fact
  return { encoding: String(value), confidence: Number(confidence), evidence: String(evidence) }
}
