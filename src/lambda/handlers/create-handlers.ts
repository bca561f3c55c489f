import { RowgateError } from "../../errors/rowgate-error.ts"
import { checkOptions } from "../../options/check-options.ts"
import { defined } from "../../options/defined.ts"
import type { AnyRow } from "../../pipeline/build/definition.ts"
import { definitionOf } from "../../pipeline/build/definition-of.ts"
import type { LoadPipeline } from "../../pipeline/build/pipeline.ts"
import { createObserver, type FunctionCall } from "../observe/observer.ts"
import { HandlerCall } from "./handler-call.ts"
import { handlerError } from "./handler-error.ts"
import { type HandlerOptions, handlerOptionSpec } from "./handler-options.ts"
import type { LambdaContext } from "./lambda-context.ts"
import { fieldsOf, partPointerOf, pointerOf } from "./read-pointer.ts"
import { Settings } from "./settings.ts"
import type { MergeOutput, PartPointer } from "./steps.ts"
import { deliveryEnded, type Workshop } from "./workshop.ts"

/** A function of Lambda: takes an event and returns JSON. */
export interface Handler {
  (event: unknown, context?: LambdaContext): Promise<unknown>
}

/** The functions of a pipeline. Each can be called twice, in any order and at the same time, with the effect of one call. */
export interface Handlers {
  /** Takes an event that names an object, reads the object into parts, and writes the manifest that claims its version. */
  readonly parser: Handler
  /** Matches headers and reads the cells of one part. */
  readonly normalizer: Handler
  /** Validates one part and checks its rows. */
  readonly validator: Handler
  /** Scores one part or, with `merge: true`, adds up all of them. */
  readonly scorer: Handler
  /** With `step`: `"stage"` stages one part, `"load"` loads or refuses the delivery, `"archive"` archives its object, `"replay"` loads corrected rejects, `"fail"` records a failure. */
  readonly loader: Handler
  /** For a schedule: moves deliveries on that got stuck, archives what is left, and removes what nobody needs. Returns what it found. */
  readonly sweeper: Handler
  /** Delivers all objects of an event in one call, from the first byte to the archive: for files that one call can load. Answers batches of SQS. */
  readonly pipeline: Handler
}

/**
 * Makes the functions that run a pipeline on AWS. The definition is the same as in one process. Settings that you leave out are read from the environment
 * with the first call.
 *
 * Throws `PIPELINE_INVALID` if the pipeline has no target, and `CONFIG_INVALID` for an unknown option or a wrong value.
 */
export function createHandlers(pipeline: LoadPipeline<AnyRow>, options: HandlerOptions = {}): Handlers {
  checkOptions("createHandlers()", options, handlerOptionSpec)
  const definition = definitionOf("createHandlers()", pipeline)
  if (!definition.sinks.some(({ delivery }) => delivery === "once")) throw withoutLedger(pipeline.name)
  const settings = new Settings(definition, options)
  const observer = createObserver({ logger: options.logger, metrics: options.metrics })
  const handler =
    <R>(part: string, work: (event: unknown, call: HandlerCall) => Promise<R>): Handler =>
    (event, context) =>
      observer
        .call({ part, pipeline: pipeline.name, context: calledBy(context) }, async (observed) => {
          using call = new HandlerCall(context, observed)
          try {
            return await work(event, call)
          } catch (error) {
            if (!call.signal.aborted) await note(settings, event, error)
            throw call.signal.aborted ? call.signal.reason : await explained(settings, event, error)
          }
        })
        // The log shows the error itself.
        .catch((error: unknown) => {
          throw handlerError(error)
        })
  const ofPart =
    (work: (workshop: Workshop, pointer: PartPointer, call: HandlerCall) => Promise<void>) =>
    async (event: unknown, call: HandlerCall): Promise<PartPointer> => {
      const pointer = partPointerOf(event)
      call.describe({ number: pointer.part })
      await work(settings.workshop, pointer, call)
      return pointer
    }
  // Each function loads only its own code, because Lambda reads all that is loaded when it starts one.
  const onPart = (step: "normalizePart" | "validatePart" | "scoreOnePart") =>
    ofPart(async (...given) => (await import("./part-steps.ts"))[step](...given))
  return {
    parser: handler("parser", async (event, call) => (await import("./parse-step.ts")).parseStep(settings, event, call)),
    normalizer: handler("normalizer", onPart("normalizePart")),
    validator: handler("validator", onPart("validatePart")),
    scorer: handler<MergeOutput | PartPointer>("scorer", async (event, call) =>
      fieldsOf(event)["merge"] === true
        ? (await import("./merge-parts.ts")).mergeParts(settings.workshop, pointerOf(event), call)
        : onPart("scoreOnePart")(event, call),
    ),
    loader: handler("loader", async (event, call) => (await import("./load-step.ts")).loadStep(settings, event, call)),
    sweeper: handler("sweeper", async (_event, call) => (await import("./sweep-deliveries.ts")).sweepDeliveries(settings, call)),
    pipeline: handler("pipeline", async (event, call) => (await import("./run-objects.ts")).runObjects(settings, event, call)),
  }
}

/** What of the context goes into log lines. */
function calledBy(context: LambdaContext | null | undefined): FunctionCall["context"] {
  const { awsRequestId, functionName, functionVersion } = context ?? {}
  return defined({ awsRequestId, functionName, functionVersion })
}

/** Notes why a step failed that worked on a part. The error itself is more important than its note. */
async function note(settings: Settings, event: unknown, error: unknown): Promise<void> {
  if (typeof event !== "object" || event === null || !("manifest" in event) || !("part" in event)) return
  if (error instanceof RowgateError && isAboutTheCall(error)) return
  const { manifest, part } = event
  if (typeof manifest !== "string" || typeof part !== "number") return
  const { noteFailure } = await import("./failure-note.ts")
  await noteFailure(settings.workshop, manifest, part, error).catch(() => undefined)
}

/** Whatever is missing when the manifest is gone, the reason is that another execution has ended the delivery. */
async function explained(settings: Settings, event: unknown, error: unknown): Promise<unknown> {
  const manifest = typeof event === "object" && event !== null && "manifest" in event ? event.manifest : undefined
  if (typeof manifest !== "string" || !(error instanceof RowgateError) || isAboutTheCall(error)) return error
  const delivery = await settings.workshop.find(manifest).catch(() => "unknown")
  return delivery === undefined ? deliveryEnded(manifest) : error
}

/** Whether an error says that the input or the settings are wrong. */
function isAboutTheCall({ code }: RowgateError): boolean {
  return code === "EVENT_INVALID" || code === "CONFIG_INVALID"
}

/** Without a ledger, every event that comes again would load its file again. */
function withoutLedger(pipeline: string): RowgateError {
  return new RowgateError({
    code: "PIPELINE_INVALID",
    message: `The pipeline ${pipeline} has no target that keeps a ledger, so its functions could not know what they have loaded.`,
    remedy: "Load into postgres().",
  })
}
