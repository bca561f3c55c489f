// Spans of OpenTelemetry for a run, its deliveries, stages and sinks. In your program, the spans go to an exporter instead of the console.

import { BasicTracerProvider, type ReadableSpan, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base"
import { bytes, createPipeline, memory } from "rowgate"
import { z } from "zod"
import { traceRowgate } from "./spans.ts"

const finished: ReadableSpan[] = []
const exporter = {
  export: (spans: readonly ReadableSpan[], done: (result: { readonly code: number }) => void) => {
    finished.push(...spans)
    done({ code: 0 })
  },
  shutdown: async () => {},
}
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
const stop = traceRowgate(provider.getTracer("rowgate"))

const Order = z.object({ orderId: z.number(), email: z.email() })
await createPipeline({ name: "orders" })
  .from(bytes("orderId,email\n17,ann@example.com\n18,bob\n", { name: "orders.csv" }))
  .validate(Order)
  .filter(({ orderId }) => orderId > 0)
  .into(memory())
  .run()

stop()
await provider.forceFlush()
print(undefined, "")

/** Prints the spans below a span, without what differs from run to run. */
function print(parent: string | undefined, indent: string): void {
  for (const span of finished.filter(({ parentSpanContext }) => parentSpanContext?.spanId === parent)) {
    const { "rowgate.run_id": _run, "rowgate.delivery_id": _delivery, "rowgate.own_ms": _ms, ...attributes } = span.attributes
    console.log(`${indent}${span.name}`, JSON.stringify(attributes))
    print(span.spanContext().spanId, `${indent}  `)
  }
}
