import { createHash, randomUUID } from "node:crypto"
import type { Context } from "../../contract/context.ts"
import { Plan, type PlanJson } from "../../contract/plan.ts"
import type { Storage } from "../../contract/storage.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import { defined } from "../../options/defined.ts"
import { declareAll } from "../../pipeline/build/compose.ts"
import type { Definition } from "../../pipeline/build/definition.ts"
import type { RunWeights } from "../../pipeline/run/scoring.ts"
import { canStage } from "../../pipeline/split/can-stage.ts"
import type { PartScore } from "../../pipeline/split/part-score.ts"
import { createRuleset, rulesetHash } from "../../score/ruleset.ts"
import { completeWeights } from "../../score/weights.ts"
import { DeliveryObjects } from "./delivery-objects.ts"
import type { HandlerCall } from "./handler-call.ts"
import { type Manifest, manifestFormat, objectUri } from "./manifest.ts"
import type { ItemsPointer, LoadWay } from "./steps.ts"
import { readJson } from "./stored-json.ts"

/** What the handlers of one pipeline share. */
export interface WorkshopOptions {
  readonly definition: Definition
  /** Opens the processing storage. Deliveries in one call need none. */
  readonly processing: () => Storage
  readonly weights: RunWeights
  /** Bytes of a part. */
  readonly partBytes: number
  /** The most parts that the loader loads without staging them. */
  readonly directParts: number
  /** The most rows that the loader publishes in one transaction. */
  readonly mostRows: number
}

/** The delivery that a pointer leads to. */
export interface OpenDelivery {
  readonly uri: string
  readonly key: string
  readonly manifest: Manifest
  readonly objects: DeliveryObjects
}

/** The place where the handlers work: the definition, the processing storage, and the settings. */
export class Workshop {
  readonly definition: Definition
  readonly weights: RunWeights
  readonly partBytes: number
  readonly directParts: number
  readonly mostRows: number
  readonly #openProcessing: () => Storage
  #processing: Storage | undefined
  readonly #rules: string

  constructor(options: WorkshopOptions) {
    this.definition = options.definition
    this.#openProcessing = options.processing
    this.weights = options.weights
    this.partBytes = options.partBytes
    this.directParts = options.directParts
    this.mostRows = options.mostRows
    this.#rules = rulesOf(options)
  }

  /** A hash of all that decides about rows and deliveries, as far as it is data. */
  get rules(): string {
    return this.#rules
  }

  get processing(): Storage {
    this.#processing ??= this.#openProcessing()
    return this.#processing
  }

  uriOf(key: string): string {
    return `${this.processing.name}${key}`
  }

  /** A pointer for a state machine. A storage that is not in S3 has no bucket. */
  itemsPointer(key: string): ItemsPointer {
    const [, bucket = "", prefix = ""] = /^s3:\/\/([^/]+)\/(.*)$/.exec(this.processing.name) ?? []
    return { bucket, key: `${prefix}${key}` }
  }

  /** Staged parts are loaded from one table, so tables with different columns are loaded in one call. */
  loadWay(parts: number, score?: PartScore): LoadWay {
    const isOneTable = score === undefined || score.tables.length < 2
    return parts > this.directParts && isOneTable && canStage(this.definition) ? "staged" : "direct"
  }

  /**
   * Reads the manifest behind a pointer, in every call: an object that comes again has a manifest with the same name. Throws `EVENT_INVALID` for a pointer to
   * another storage, `DELIVERY_ENDED` if nothing is there.
   */
  async open(uri: string, call: HandlerCall): Promise<OpenDelivery> {
    const delivery = await this.find(uri, call)
    if (delivery === undefined) throw deliveryEnded(uri)
    return delivery
  }

  /** `open` for one part. Throws `EVENT_INVALID` if the delivery has no such part. */
  async openPart({ manifest: uri, part }: { readonly manifest: string; readonly part: number }, call: HandlerCall): Promise<OpenDelivery> {
    const delivery = await this.open(uri, call)
    const { parts } = delivery.manifest
    if (part < parts) return delivery
    throw new RowgateError({
      code: "EVENT_INVALID",
      message: `The delivery of ${uri} has the parts 0 to ${parts - 1}, but the input names part ${part}.`,
      remedy: "Pass the parts of the list that the parser or the scorer has returned as items.",
      origin: { uri },
    })
  }

  /**
   * Reads the manifest behind a pointer; undefined if nothing is there. All later lines of the call, if one is given, name the delivery and its object. Throws
   * `EVENT_INVALID` for a pointer to another storage.
   */
  async find(uri: string, call?: HandlerCall): Promise<OpenDelivery | undefined> {
    const { name } = this.processing
    if (!uri.startsWith(name)) throw foreignManifest(uri, name)
    const key = uri.slice(name.length)
    const manifest = await readJson<Manifest>(this.processing, key)
    if (manifest === undefined) return undefined
    this.#expectOwn(manifest, uri)
    call?.describe({ deliveryId: manifest.deliveryId, uri: objectUri(manifest.object) })
    return { uri, key, manifest, objects: DeliveryObjects.of(key, manifest) }
  }

  /** The context of a call that looks at an object before it is a delivery. */
  reading(call: HandlerCall): Context {
    return { runId: randomUUID(), signal: call.signal, logger: call.logger, asOf: new Date(), deadline: call.endsAt }
  }

  /** The context of a call that works on a delivery. Says which one in all later lines of the call. */
  context({ deliveryId, asOf }: Pick<Manifest, "deliveryId" | "asOf">, call: HandlerCall, plan?: Plan): Context {
    call.describe({ deliveryId })
    return {
      runId: deliveryId,
      signal: call.signal,
      logger: call.logger,
      asOf: new Date(asOf),
      batchRows: this.definition.options.batchRows,
      deadline: call.endsAt,
      ...(plan === undefined ? {} : { plan }),
    }
  }

  /** The plan of a part. Only the first revisions can be revised again. */
  plan({ revision }: Pick<Manifest, "revision">, ...known: readonly PlanJson[]): Plan {
    return Plan.from(Object.assign({}, ...known), { revisable: revision < mostRevisions })
  }

  /** During a deployment, functions of two versions work on one delivery. They wait until all have the same rules. */
  #expectOwn({ format, pipeline, rules }: Manifest, uri: string): void {
    const own = this.definition.options.name
    if (pipeline !== own)
      throw new RowgateError({
        code: "EVENT_INVALID",
        message: `The manifest ${uri} belongs to the pipeline ${pipeline}, but this function runs ${own}.`,
        remedy: "Give each pipeline functions of its own.",
        origin: { uri },
      })
    if (format > manifestFormat) throw mixedDeployment(uri, `has the format ${format}; this function knows ${manifestFormat}`)
    // A check without a name has that of its function, which a bundler may have shortened.
    if (rules !== this.#rules)
      throw mixedDeployment(uri, "was written by a function with other rules", " If it fails again, set the option name of each check.")
  }
}

/** How often a delivery is started again with what its rows have shown. */
export const mostRevisions = 2

function foreignManifest(uri: string, name: string): RowgateError {
  return new RowgateError({
    code: "EVENT_INVALID",
    message: `The manifest ${uri} is not in ${name}.`,
    remedy: "Pass the manifest that the parser returned, and give all functions the same processing bucket.",
    origin: { uri },
  })
}

/** The manifest is the first object that is removed when a delivery has ended. */
export function deliveryEnded(uri: string): RowgateError {
  return new RowgateError({
    code: "DELIVERY_ENDED",
    message: `There is no manifest ${uri}: another execution has ended the delivery, or its objects were removed.`,
    remedy: "If the ledger does not know the delivery, send the event of the file again.",
    origin: { uri },
  })
}

function mixedDeployment(uri: string, why: string, more = ""): RowgateError {
  return new RowgateError({
    code: "DEPLOYMENT_MIXED",
    message: `The manifest ${uri} ${why}.`,
    remedy: `Finish the deployment of all functions; then this call succeeds, or the file has to be sent again.${more}`,
    origin: { uri },
    retryable: true,
  })
}

/** The functions of checks and stages cannot be compared. */
function rulesOf({ definition, weights }: Pick<WorkshopOptions, "definition" | "weights">): string {
  const { stages, score, options } = definition
  const { version, budget, empty } = options
  const ruleset = createRuleset(declareAll(stages).rules, score)
  const all = completeWeights({ ...defined(weights), ...defined(score.weights) })
  const rules = [rulesetHash(ruleset), all, score.minimum, budget, empty, version, ...(score.drift === undefined ? [] : [score.drift])]
  return createHash("sha256").update(JSON.stringify(rules)).digest("hex").slice(0, 16)
}
