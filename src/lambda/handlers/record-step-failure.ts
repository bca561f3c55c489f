import { randomUUID } from "node:crypto"
import { RowgateError } from "../../errors/rowgate-error.ts"
import { recordFailure } from "../../postgres/operations/record-failure.ts"
import { readEvent } from "../events/read-event.ts"
import { deliveryIdOf } from "../sweep/set-aside.ts"
import type { SweptFile } from "../sweep/sweep-ledger.ts"
import { notedFailure } from "./failure-note.ts"
import type { HandlerCall } from "./handler-call.ts"
import { type Manifest, objectUri, versionOf } from "./manifest.ts"
import type { Settings } from "./settings.ts"

/** What the loader returns after a failure. */
export interface FailureOutput {
  /**
   * `"recorded"`: the ledger has the failure. `"ended"`: the delivery was loaded or refused before it failed. `"gone"`: another execution has ended it,
   * and has removed its manifest.
   */
  readonly status: "recorded" | "ended" | "gone"
  /** Undefined if the manifest is gone, because another execution has ended the delivery. */
  readonly deliveryId?: string
  /** What went wrong. */
  readonly reason: string
}

type Fields = { readonly [name: string]: unknown }

const mostReason = 2_000

/** Records in the ledger why an execution failed. */
export async function recordStepFailure(settings: Settings, event: Fields, call: HandlerCall): Promise<FailureOutput> {
  const { definition } = settings.workshop
  const { manifest, error } = event
  const reason = ((await reasonOfPart(settings, manifest, error)) ?? reasonOf(error)).slice(0, mostReason)
  const failed = (await byManifest(settings, manifest)) ?? byEvent(settings, event)
  if (failed === "gone") {
    call.logger.warn({ manifest, reason }, "the execution failed after another one had ended the delivery")
    return { status: failed, reason }
  }
  call.describe({ deliveryId: failed.id, uri: failed.uri })
  const status = await settings.withLedger(call, (ledger) =>
    recordFailure(ledger, { ...failed, pipeline: definition.options.name, reason }),
  )
  // What was loaded or refused before has been counted.
  if (status === "failed") call.delivered({ deliveryId: failed.id, uri: failed.uri })
  call.logger.error({ reason }, "the delivery failed")
  return { status: status === "failed" ? "recorded" : "ended", deliveryId: failed.id, reason }
}

/** The error of a state machine: its name, and a cause that is JSON if a function threw it. */
function reasonOf(error: unknown): string {
  const { Error: name = "unknown error", Cause: cause = "" } = (typeof error === "object" && error !== null ? error : {}) as Fields
  const message = messageOf(String(cause))
  return message === "" ? String(name) : `${String(name)}: ${message}`
}

/** If a child of a map has failed, the state machine does not know why, but the step has noted it. */
async function reasonOfPart({ workshop }: Settings, manifest: unknown, error: unknown): Promise<string | undefined> {
  const { Error: name } = (typeof error === "object" && error !== null ? error : {}) as Fields
  if (name !== "States.ExceedToleratedFailureThreshold" || typeof manifest !== "string") return undefined
  try {
    const delivery = await workshop.find(manifest)
    const noted = delivery && (await notedFailure(workshop, delivery))
    return noted && `${noted.error}: ${noted.message} (part ${noted.part})`
  } catch {
    return undefined
  }
}

function messageOf(cause: string): string {
  try {
    const { errorMessage } = JSON.parse(cause) as Fields
    return typeof errorMessage === "string" ? errorMessage : cause
  } catch {
    return cause
  }
}

interface FailedObject {
  readonly id: string
  readonly uri: string
  readonly version?: string | undefined
}

async function byManifest({ workshop }: Settings, uri: unknown): Promise<FailedObject | "gone" | undefined> {
  if (typeof uri !== "string") return undefined
  try {
    const delivery = await workshop.find(uri)
    return delivery === undefined ? "gone" : { id: delivery.manifest.deliveryId, ...placeOf(delivery.manifest) }
  } catch (error) {
    if (error instanceof RowgateError && !error.retryable) return undefined
    throw error
  }
}

function placeOf({ object }: Pick<Manifest, "object">): { readonly uri: string; readonly version: string | undefined } {
  return { uri: objectUri(object), version: versionOf(object) }
}

/** Without a manifest the delivery has no id yet. The same object always gets the same one, so that it has one entry. */
function byEvent({ allowed }: Settings, { input, execution }: Fields): FailedObject {
  const object = objectOf(input, allowed)
  if (object !== undefined) return { id: deliveryIdOf(object), ...object }
  return { id: deliveryIdOf({ uri: "unknown", version: typeof execution === "string" ? execution : randomUUID() }), uri: "unknown" }
}

/** Undefined if the input names no object that the functions may read. */
function objectOf(input: unknown, allowed: Settings["allowed"]): SweptFile | undefined {
  try {
    const [object] = readEvent(input, allowed).objects
    return object && { uri: object.uri, version: object.versionId ?? object.etag }
  } catch (error) {
    if (error instanceof RowgateError) return undefined
    throw error
  }
}
