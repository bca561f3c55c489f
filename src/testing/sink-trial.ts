import { createHash, randomUUID } from "node:crypto"
import type { Context } from "../contract/context.ts"
import type { Delivery } from "../contract/delivery.ts"
import type { Sink } from "../contract/sink.ts"
import type { Batch } from "../model/batch.ts"
import type { ColumnSpec } from "../model/column-spec.ts"
import type { Reject } from "../model/reject.ts"
import { type SettledDelivery, SinkDelivery } from "../pipeline/run/sink-delivery.ts"
import { contractContext } from "./contract-context.ts"
import { contractColumns, readRow } from "./contract-table.ts"
import type { ContractRow, SinkContractOptions, SinkUnderTest } from "./sink-contract-options.ts"

/** One delivery of a trial: its bytes, and what is special about it. */
export interface TrialDelivery {
  /** A text that stands for the bytes. Default: bytes that were never seen before. */
  readonly content?: string | undefined
  readonly pipeline?: string | undefined
  /** Whether the hash is known only after the last batch. */
  readonly hashLast?: boolean | undefined
  readonly dryRun?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

/** The result of a delivery. */
export interface TrialResult extends SettledDelivery {
  readonly id: string
  /** The rows that the sink refused, as it listed them. */
  readonly refused: readonly Reject[]
}

/** A sink with its target. It delivers to the sink as a pipeline does. */
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

  /** Runs a trial on a new target and always removes the target. */
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

  /** What a reader sees now, ordered by id. */
  async rows(): Promise<readonly ContractRow[]> {
    const rows = [...(await this.#target.rows())].map((row) => readRow(this.columns, row))
    const [{ name: id } = { name: "id" }] = this.columns
    return rows.sort((one, other) => Number(one[id]) - Number(other[id]))
  }

  /** Ends the run as a pipeline does, and reads the target. */
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
    const open = new OpenTrial(context, delivery, digestOf(content))
    await open.begin(this.sink)
    return open
  }

  /** Makes a complete delivery and commits it. */
  async deliver(batches: readonly Batch<ContractRow>[], given: TrialDelivery = {}): Promise<TrialResult> {
    await using delivery = await this.open(given)
    if (delivery.duplicateOf !== undefined) return { ...nothing, id: delivery.id, duplicateOf: delivery.duplicateOf }
    for (const batch of batches) await delivery.write(batch)
    return await delivery.commit()
  }
}

const nothing = { loaded: 0, superseded: 0, skipped: 0, notices: [], refused: [], refusedCount: 0 }

/** A delivery that has begun. */
export class OpenTrial implements AsyncDisposable {
  readonly #delivery: SinkDelivery<ContractRow>
  readonly #sha256: string
  #settled: Promise<TrialResult> | undefined

  constructor(context: Context, delivery: Delivery, sha256: string) {
    this.#delivery = new SinkDelivery(context, delivery)
    this.#sha256 = sha256
  }

  get id(): string {
    return this.#delivery.delivery.id
  }

  /** The delivery that loaded the same bytes before, if the sink knew it at once. */
  get duplicateOf(): string | undefined {
    return this.#delivery.target?.duplicateOf
  }

  begin(sink: Sink<ContractRow>): Promise<void> {
    return this.#delivery.open([sink])
  }

  write(batch: Batch<ContractRow>): Promise<void> {
    return this.#delivery.write(batch)
  }

  /** Settles the delivery on the first call. */
  settle(): Promise<TrialResult> {
    this.#settled ??= this.#settle()
    return this.#settled
  }

  async #settle(): Promise<TrialResult> {
    const refused: Reject[] = []
    const settled = await this.#delivery.settle(this.#sha256, (rejects) => refused.push(...rejects))
    return { ...settled, id: this.id, refused }
  }

  async commit(): Promise<TrialResult> {
    const result = await this.settle()
    if (result.duplicateOf === undefined) await this.#delivery.end(this.#sha256, result, { outcome: "loaded" })
    return result
  }

  async refuse(): Promise<void> {
    const end = this.#delivery.delivery.dryRun
      ? ({ outcome: "dry" } as const)
      : ({ outcome: "refused", reason: "the contract's gate says no" } as const)
    await this.#delivery.end(this.#sha256, await this.settle(), end)
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#delivery[Symbol.asyncDispose]()
  }
}

function digestOf(content: string): string {
  return createHash("sha256").update(content).digest("hex")
}
