// Turns the messages of rowgate's tracing channels into spans. Copy this file into your program and call it once, before the first run.

import { AsyncLocalStorage } from "node:async_hooks"
import { tracingChannel } from "node:diagnostics_channel"
import { type Attributes, context, type Span, SpanStatusCode, type Tracer, trace } from "@opentelemetry/api"
import { type DeliveryTrace, RowgateError, type RunTrace, type SinkTrace, type StageTrace } from "rowgate"

/** Makes a span for each run, delivery, stage and call of a sink, except for single batches. Returns a function that stops it. */
export function traceRowgate(tracer: Tracer): () => void {
  const stops = [
    spansOf<RunTrace>(tracer, "run", (run) => ({
      name: `rowgate run ${run.pipeline}`,
      attributes: { "rowgate.run_id": run.runId, "rowgate.rows.read": run.counts?.read },
    })),
    spansOf<DeliveryTrace>(tracer, "delivery", (delivery) => ({
      name: "rowgate delivery",
      attributes: {
        "rowgate.delivery_id": delivery.deliveryId,
        "rowgate.uri": delivery.uri,
        "rowgate.attempt": delivery.attempt,
        "rowgate.outcome": delivery.outcome,
        "rowgate.rows.loaded": delivery.counts?.loaded,
        "rowgate.rows.rejected": delivery.counts?.rejected,
        "rowgate.score": delivery.score?.overall ?? undefined,
      },
    })),
    spansOf<StageTrace>(tracer, "stage", (stage) => ({
      name: `rowgate stage ${stage.stage}`,
      attributes: { "rowgate.rows": stage.rows, "rowgate.rows.passed": stage.passed, "rowgate.own_ms": stage.ms },
    })),
    spansOf<SinkTrace>(tracer, "sink", (sink) =>
      sink.operation === "write" ? undefined : { name: `rowgate ${sink.operation}`, attributes: { "rowgate.sink": sink.sink } },
    ),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}

/** The span around the current operation. */
const current = new AsyncLocalStorage<Span | undefined>()

interface Description {
  readonly name: string
  readonly attributes: Attributes
}

/** `describe` is called when an operation begins and again when it ends, because the message knows more then. Undefined makes no span. */
function spansOf<M extends { readonly error?: unknown }>(
  tracer: Tracer,
  name: string,
  describe: (message: M) => Description | undefined,
): () => void {
  const channel = tracingChannel<Span | undefined, M>(`rowgate:${name}`)
  const spans = new WeakMap<M, Span>()
  // The channel passes the span on to everything that the operation does.
  channel.start.bindStore(current, (message) => {
    const parent = current.getStore()
    const description = describe(message)
    if (description === undefined) return parent
    const around = parent === undefined ? context.active() : trace.setSpan(context.active(), parent)
    const span = tracer.startSpan(description.name, { attributes: description.attributes }, around)
    spans.set(message, span)
    return span
  })
  const subscribers = {
    error(message: M) {
      // The code says enough. The message of an error of your own code may quote a row.
      spans.get(message)?.setStatus({ code: SpanStatusCode.ERROR, message: codeOf(message.error) })
    },
    asyncEnd(message: M) {
      const span = spans.get(message)
      span?.setAttributes(describe(message)?.attributes ?? {})
      span?.end()
    },
    start() {},
    end() {},
    asyncStart() {},
  }
  channel.subscribe(subscribers)
  return () => {
    channel.unsubscribe(subscribers)
    channel.start.unbindStore(current)
  }
}

function codeOf(error: unknown): string {
  return error instanceof RowgateError ? error.code : error instanceof Error ? error.name : "error"
}
