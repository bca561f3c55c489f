import { env } from "node:process"
import type { Storage } from "../../contract/storage.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { Definition } from "../../pipeline/build/definition.ts"
import type { LedgerAccess } from "../../postgres/operations/ledger-access.ts"
import { ledgerOfSink } from "../../postgres/operations/ledger-of-sink.ts"
import type { ConnectionOptions } from "../../postgres/postgres-options.ts"
import { type VariableWeights, weightsOfVariables } from "../../score/weight-variables.ts"
import type { S3ConnectionOptions } from "../../sources/s3/s3-options.ts"
import { s3Storage } from "../../sources/s3/s3-storage.ts"
import type { ObjectPlace } from "../events/object-event.ts"
import { databaseFromEnvironment } from "../secrets/database-from-environment.ts"
import type { SweepSettings } from "../sweep/sweep-options.ts"
import type { HandlerCall } from "./handler-call.ts"
import type { HandlerOptions } from "./handler-options.ts"
import { Workshop } from "./workshop.ts"

const defaultPartBytes = 64 << 20
const defaultDirectParts = 4
/** Half of what a transaction published in 15 minutes where it was measured: 100,000 rows a second, merged by a key. */
const defaultMostRows = 50_000_000

/** The settings of the handlers: from the options, and otherwise from the environment, which is read with the first call. */
export class Settings {
  readonly #definition: Definition
  readonly #options: HandlerOptions
  #workshop: Workshop | undefined

  constructor(definition: Definition, options: HandlerOptions) {
    this.#definition = definition
    this.#options = options
  }

  get connection(): S3ConnectionOptions {
    return this.#options.s3 ?? {}
  }

  get landing(): readonly ObjectPlace[] {
    const { landing = { bucket: variable("LANDING_BUCKET", "landing"), prefix: env["LANDING_PREFIX"] } } = this.#options
    if (typeof landing === "string") return [{ bucket: landing }]
    return "bucket" in landing ? [landing] : landing
  }

  /** The delivery that an object corrects: `corrections/DELIVERY/NAME`. Undefined for any other object. */
  corrects({ bucket, key }: { readonly bucket: string; readonly key: string }): string | undefined {
    const place = this.#corrections
    const prefix = place.prefix ?? ""
    if (place.bucket !== bucket || !key.startsWith(prefix)) return undefined
    const [delivery, name] = key.slice(prefix.length).split("/")
    return delivery === undefined || delivery === "" || name === undefined ? undefined : delivery
  }

  /** Where events may name objects. */
  get allowed(): readonly ObjectPlace[] {
    return [...this.landing, this.#corrections]
  }

  get #corrections(): ObjectPlace {
    const { corrections = { bucket: this.landing[0]?.bucket ?? "", prefix: "corrections/" } } = this.#options
    return corrections
  }

  get start(): HandlerOptions["start"] {
    return this.#options.start
  }

  get sweeping(): SweepSettings {
    return this.#options.sweep ?? {}
  }

  get workshop(): Workshop {
    const { partBytes = defaultPartBytes, directParts = defaultDirectParts, mostRows = defaultMostRows, weights } = this.#options
    this.#workshop ??= new Workshop({
      definition: this.#definition,
      processing: () => this.#processing(),
      weights: weights ?? environmentWeights(),
      partBytes,
      directParts,
      mostRows,
    })
    return this.#workshop
  }

  /** Where delivered objects go. */
  get archive(): ObjectPlace {
    const { archive = variable("ARCHIVE_BUCKET", "archive") } = this.#options
    return typeof archive === "string" ? { bucket: archive } : archive
  }

  get unconditionalDelete(): boolean {
    return this.#options.unconditionalDelete ?? false
  }

  /** The whole bucket of the archive: keys have the prefix already. */
  get archiveStorage(): Storage {
    return s3Storage({ ...this.connection, bucket: this.archive.bucket })
  }

  /** Opens the ledger for one piece of work. */
  async withLedger<R>(call: HandlerCall, work: (ledger: LedgerAccess) => Promise<R>): Promise<R> {
    const database = this.#options.database ?? this.#ledgerOfTarget ?? databaseFromEnvironment()
    if (!("url" in database) || database.url === undefined) return work("pool" in database ? database.pool : database)
    const { openLedger } = await import("../../postgres/operations/open-ledger.ts")
    await using ledger = await openLedger({ kind: "postgres", ...database }, call.signal)
    return await work(ledger.pool)
  }

  get #ledgerOfTarget(): ConnectionOptions | undefined {
    const target = this.#definition.sinks.find(({ delivery }) => delivery === "once")
    return target && ledgerOfSink(target)
  }

  #processing(): Storage {
    const { processing = variable("PROCESSING_BUCKET", "processing") } = this.#options
    if (typeof processing === "string") return s3Storage({ ...this.connection, bucket: processing })
    if ("read" in processing) return processing
    const { bucket, prefix } = processing
    return s3Storage({ ...this.connection, bucket, ...(prefix === undefined ? {} : { prefix }) })
  }
}

function variable(name: string, option: string): string {
  const value = env[name]
  if (value !== undefined && value !== "") return value
  throw new RowgateError({
    code: "CONFIG_INVALID",
    message: `The function does not know its ${option} bucket.`,
    remedy: `Set the environment variable ${name}, or the option ${option} of createHandlers().`,
  })
}

function environmentWeights(): VariableWeights {
  const { weights, faults } = weightsOfVariables(env)
  if (faults.length === 0) return weights
  throw new RowgateError({
    code: "CONFIG_INVALID",
    message: `${faults.map(({ name, text }) => `${name} ${text}`).join("; ")}.`,
    remedy: "Correct the environment variable of the function, or unset it to use the default.",
    origin: { uri: `environment ${faults.map(({ name }) => name).join(", ")}` },
  })
}
