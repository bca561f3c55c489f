import { randomUUID } from "node:crypto"
import type { Source } from "../../contract/source.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { DeliveryReport } from "../../model/run-report.ts"
import { correctedDefinition } from "../../pipeline/replay/replay.ts"
import { run } from "../../pipeline/run/run.ts"
import { answerBatch, type BatchAnswer } from "../events/answer-batch.ts"
import type { IgnoredEvent, ObjectEvent } from "../events/object-event.ts"
import { readEvent } from "../events/read-event.ts"
import { archiveDelivery } from "./archive-delivery.ts"
import { archiveFollowUp } from "./archive-follow-up.ts"
import type { HandlerCall } from "./handler-call.ts"
import { outputOf } from "./load-delivery.ts"
import { isGone, newestFile } from "./object-file.ts"
import { reloadOf } from "./read-pointer.ts"
import type { Settings } from "./settings.ts"
import type { LoadOutput } from "./steps.ts"

/** What became of one object. */
export type ObjectOutput = DeliveredOutput | IgnoredOutput

/** An object that was delivered. */
export interface DeliveredOutput extends Omit<LoadOutput, "manifest"> {
  /** The URI of the object. */
  readonly uri: string
}

/** An object, or an event, that needs no work. */
export interface IgnoredOutput {
  /** Says which of the outputs it is. */
  readonly status: "ignored"
  /** The URI of the object, if the event names one. */
  readonly uri?: string
  /** Why, as a sentence. */
  readonly reason: string
}

/** A message of a queue is begun only if this much time is left. */
const leastMs = 15_000

/**
 * Delivers every object that an event names, from the first byte to the archive, in this process. A batch of SQS is answered with the messages that failed. For
 * any other event, the first failure is thrown after all objects were tried.
 */
export async function runObjects(
  settings: Settings,
  event: unknown,
  call: HandlerCall,
): Promise<BatchAnswer | { readonly objects: readonly ObjectOutput[] }> {
  const { objects, ignored, batch } = readEvent(event, settings.allowed)
  for (const { message, uri } of ignored) call.logger.info({ uri, reason: message }, "an event is ignored")
  if (batch !== undefined) {
    let begun = 0
    return answerBatch(batch, ({ objects }) => deliverAll(settings, objects, call), {
      // The first message is always tried: with a short time limit, nothing would ever be.
      canBegin: () => begun++ === 0 || hasTime(call),
      onFailure: ({ id }, error) => call.logger.error({ message: id, error: textOf(error) }, "a message failed and stays in the queue"),
    })
  }
  // Only a direct call can ask for it: events of S3 have no such field.
  const reload = reloadOf(event)
  return { objects: [...ignored.map(ignoredOutput), ...(await deliverAll(settings, objects, call, reload))] }
}

function hasTime(call: HandlerCall): boolean {
  if (call.remainingMs > leastMs) return true
  call.logger.warn(
    { remainingMs: call.remainingMs },
    "the rest of the messages stays in the queue, because the time of this call is nearly over",
  )
  return false
}

async function deliverAll(
  settings: Settings,
  objects: readonly ObjectEvent[],
  call: HandlerCall,
  reload = false,
): Promise<readonly ObjectOutput[]> {
  const outputs: ObjectOutput[] = []
  let failure: { readonly error: unknown } | undefined
  for (const object of objects) {
    try {
      outputs.push(await deliverOne(settings, object, call, reload))
    } catch (error) {
      if (call.signal.aborted) throw error
      failure ??= { error }
      call.logger.error({ uri: object.uri, error: textOf(error) }, "the object was not delivered")
    }
  }
  if (failure !== undefined) throw failure.error
  return outputs
}

/** Delivers one object, or the corrections of an earlier delivery. */
export async function deliverOne(settings: Settings, event: ObjectEvent, call: HandlerCall, reload = false): Promise<ObjectOutput> {
  const { workshop, connection } = settings
  const found = await newestFile(event, connection, workshop.reading(call))
  const gone: ObjectOutput = { status: "ignored", uri: event.uri, reason: "The object is not there any more." }
  if (found === undefined) return gone
  const { file, object } = found
  const source: Source = {
    name: "s3",
    async *files() {
      yield file
    },
  }
  const corrected = settings.corrects(object)
  const { definition, weights } = workshop
  const deliveryId = randomUUID()
  const ran = await run(corrected === undefined ? definition : await correctedDefinition(definition, corrected, source), {
    source,
    deliveryId,
    signal: call.signal,
    weights,
    reload,
    deadline: call.endsAt,
    after: () => [archiveFollowUp(definition.options.name, { object, size: file.size ?? 0 })],
  }).catch(async (error: unknown) => {
    if (isGone(error, file)) return undefined
    if (!call.signal.aborted) await recordRunFailure(settings, { id: deliveryId, uri: file.uri, version: file.version }, error, call)
    throw error
  })
  if (ran === undefined) return gone
  const [report] = ran.deliveries
  if (report === undefined) throw new RowgateError({ code: "INTERNAL", message: `The run of ${event.uri} ended without a report.` })
  await archiveDelivery(settings, deliveryId, call)
  // Of an earlier call that was killed before it archived the object.
  if (report.duplicateOf !== undefined) await archiveDelivery(settings, report.duplicateOf, call)
  return objectOutput(event.uri, report)
}

/** A load in a function is in the ledger only once it has ended, so a failure has to be entered. */
async function recordRunFailure(
  settings: Settings,
  delivery: { readonly id: string; readonly uri: string; readonly version: string | undefined },
  error: unknown,
  call: HandlerCall,
): Promise<void> {
  if (error instanceof RowgateError && error.retryable) return
  // Errors of stages and parsers of users may quote a row.
  const reason = error instanceof RowgateError ? `${error.code}: ${error.message}` : `the run failed with ${nameOf(error)}`
  const { recordFailure } = await import("../../postgres/operations/record-failure.ts")
  const pipeline = settings.workshop.definition.options.name
  await settings
    .withLedger(call, (ledger) => recordFailure(ledger, { ...delivery, pipeline, reason }))
    .catch((failure: unknown) => call.logger.warn({ uri: delivery.uri, error: textOf(failure) }, "the failure is not in the ledger"))
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "a value that is not an error"
}

function objectOutput(uri: string, report: DeliveryReport): ObjectOutput {
  const { manifest: _none, ...output } = outputOf("", report)
  return { ...output, uri }
}

function ignoredOutput({ message, uri }: IgnoredEvent): ObjectOutput {
  return { status: "ignored", reason: message, ...(uri === undefined ? {} : { uri }) }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
