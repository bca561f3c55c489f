import { createHash, randomUUID } from "node:crypto"
import type { Delivery } from "../contract/delivery.ts"
import type { LoadCounts, Sink, SinkSession } from "../contract/sink.ts"
import type { Batch } from "../model/batch.ts"
import type { ColumnSpec } from "../model/column-spec.ts"
import type { Reject } from "../model/reject.ts"
import { type DeliveryOutcome, type DeliveryReport, noRows } from "../model/run-report.ts"
import { contractContext } from "./contract-context.ts"
import { contractColumns, readRow } from "./contract-table.ts"
import type { ContractRow, SinkContractOptions, SinkUnderTest } from "./sink-contract-options.ts"

/** One file on its way: what its bytes are, and what is special about its delivery. */
export interface TrialDelivery {
  /** What stands for the bytes. Default: never seen before. */
  readonly content?: string | undefined
  readonly pipeline?: string | undefined
  /** Whether the hash is known only after the last batch. */
  readonly hashLast?: boolean | undefined
  readonly dryRun?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

/** What a delivery came to. */
export interface TrialResult extends LoadCounts {
  readonly id: string
  readonly duplicateOf?: string | undefined
}

/** A sink, its target, and deliveries into it as a pipeline makes them. */
export class SinkTrial {
  readonly sink: Sink<ContractRow>
  readonly columns: readonly ColumnSpec[]
  readonly #target: SinkUnderTest
  readonly pipeline = `contract-${randomUUID()}`

  private constructor(columns: readonly ColumnSpec[], target: SinkUnderTest) {
    this.columns = columns
    this.sink = target.sink
    this.#target = target
  }

  /** Tries something on a new target, and removes that whatever happens. */
  static async on(
    { create }: SinkContractOptions,
    work: (trial: SinkTrial) => Promise<void>,
    columns: readonly ColumnSpec[] = contractColumns,
  ): Promise<void> {
    const target = await create(columns)
    try {
      await work(new SinkTrial(columns, target))
    } finally {
      await target.remove?.()
    }
  }

  /** What a reader sees now, by id. */
  async rows(): Promise<readonly ContractRow[]> {
    const rows = [...(await this.#target.rows())].map((row) => readRow(this.columns, row))
    const [{ name: id } = { name: "id" }] = this.columns
    return rows.sort((one, other) => Number(one[id]) - Number(other[id]))
  }

  /** Ends the run, as a pipeline does, and reads. */
  async finalRows(): Promise<readonly ContractRow[]> {
    await this.endRun()
    return this.rows()
  }

  async endRun(): Promise<void> {
    await this.sink.close?.(undefined)
  }

  async open(given: TrialDelivery = {}): Promise<OpenTrial> {
    const content = given.content ?? randomUUID()
    const delivery: Delivery = {
      id: randomUUID(),
      pipeline: given.pipeline ?? this.pipeline,
      uri: "contract:rows",
      sha256: given.hashLast === true ? undefined : digestOf(content),
      columns: this.columns,
      dryRun: given.dryRun ?? false,
    }
    const context = contractContext(given.signal === undefined ? {} : { signal: given.signal })
    this.sink.prepare?.(context)
    return new OpenTrial(await this.sink.open(context, delivery), delivery, digestOf(content))
  }

  /** A whole delivery, committed. */
  async deliver(batches: readonly Batch<ContractRow>[], given: TrialDelivery = {}): Promise<TrialResult> {
    await using delivery = await this.open(given)
    if (delivery.session.duplicateOf !== undefined) return { ...nothing, id: delivery.id, duplicateOf: delivery.session.duplicateOf }
    for (const batch of batches) await delivery.write(batch)
    return await delivery.commit()
  }
}

const nothing: LoadCounts = { loaded: 0, superseded: 0, skipped: 0, refused: [] }

/** A delivery that was begun. */
export class OpenTrial implements AsyncDisposable {
  readonly session: SinkSession<ContractRow>
  readonly id: string
  readonly #delivery: Delivery
  readonly #sha256: string
  #read = 0
  #passed = 0
  #filtered = 0

  constructor(session: SinkSession<ContractRow>, delivery: Delivery, sha256: string) {
    this.session = session
    this.id = delivery.id
    this.#delivery = delivery
    this.#sha256 = sha256
  }

  async write(batch: Batch<ContractRow>, filtered = 0): Promise<void> {
    this.#read += batch.length
    this.#passed += batch.selection.size
    this.#filtered += filtered
    await this.session.write(batch)
  }

  async settle(): Promise<TrialResult> {
    const id = this.id
    const settled = (await this.session.settle?.(this.#sha256)) ?? { ...nothing, loaded: this.#passed }
    return "duplicateOf" in settled ? { ...nothing, id, duplicateOf: settled.duplicateOf } : { ...settled, id }
  }

  async commit(): Promise<TrialResult> {
    const result = await this.settle()
    if (result.duplicateOf === undefined) await this.session.commit(this.#report("loaded", result))
    return result
  }

  async refuse(): Promise<void> {
    await this.session.refuse?.(this.#report(this.#delivery.dryRun ? "dry" : "refused", await this.settle()))
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.session[Symbol.asyncDispose]()
  }

  #report(outcome: DeliveryOutcome, { loaded, superseded, skipped, refused }: LoadCounts): DeliveryReport {
    const rejected = this.#read - this.#passed - this.#filtered + refused.length
    const ends = outcome === "loaded" ? { loaded, superseded, skipped } : { withheld: this.#passed - refused.length }
    const counts = { ...noRows, read: this.#read, rejected, filtered: this.#filtered, ...ends }
    const reason = outcome === "refused" ? { reason: "the contract's gate says no" } : {}
    const { id: deliveryId, uri } = this.#delivery
    return { deliveryId, uri, sha256: this.#sha256, outcome, ...reason, ...counts, issues: {}, notices: [], plan: {}, score: undefined }
  }
}

/** The rejects of a result, however the sink holds them. */
export async function refusedRows({ refused }: LoadCounts): Promise<readonly Reject[]> {
  const rejects: Reject[] = []
  for await (const reject of refused) rejects.push(reject)
  return rejects
}

function digestOf(content: string): string {
  return createHash("sha256").update(content).digest("hex")
}
