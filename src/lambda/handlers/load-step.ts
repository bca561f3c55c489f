import { RowgateError } from "../../errors/rowgate-error.ts"
import type { ArchiveOutput } from "./archive-delivery.ts"
import type { HandlerCall } from "./handler-call.ts"
import { executionOf, fieldsOf, partPointerOf, pointerOf } from "./read-pointer.ts"
import type { Settings } from "./settings.ts"

/** What the loader does, by the step that its input names. Each step loads only its own code. */
export async function loadStep(settings: Settings, event: unknown, call: HandlerCall): Promise<unknown> {
  const { step } = fieldsOf(event)
  switch (step) {
    case "stage": {
      const pointer = partPointerOf(event)
      const { stagePart } = await import("./load-delivery.ts")
      await stagePart(settings.workshop, pointer, call)
      return pointer
    }
    case "load":
      return (await import("./load-delivery.ts")).loadDelivery(settings, { ...pointerOf(event), execution: executionOf(event) }, call)
    case "archive": {
      const delivery = await settings.workshop.find(pointerOf(event).manifest, call)
      // The manifest is removed after the object is archived, so an earlier call, or the sweeper, was here.
      if (delivery === undefined) return { status: "none" } satisfies ArchiveOutput
      return (await import("./archive-delivery.ts")).archiveDelivery(settings, delivery.manifest.deliveryId, call)
    }
    case "replay":
      return replayObject(settings, fieldsOf(event), call)
    case "fail":
      return (await import("./record-step-failure.ts")).recordStepFailure(settings, fieldsOf(event), call)
    default:
      throw new RowgateError({
        code: "EVENT_INVALID",
        message: 'The loader needs a step: "stage", "load", "archive", "replay" or "fail".',
        remedy: "Pass the input that the state machine of the examples passes.",
      })
  }
}

/** Loads the corrections of a delivery in one call. */
async function replayObject(settings: Settings, { object }: { readonly [name: string]: unknown }, call: HandlerCall): Promise<unknown> {
  const { readEvent } = await import("../events/read-event.ts")
  const [named] = readEvent(object, settings.allowed).objects
  if (named !== undefined) return (await import("./run-objects.ts")).deliverOne(settings, named, call)
  return { status: "ignored", reason: "The event names no corrections." }
}
