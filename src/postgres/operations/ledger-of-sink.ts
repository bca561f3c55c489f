import type { Sink } from "../../contract/sink.ts"
import type { ConnectionOptions } from "../postgres-options.ts"

const connections = new WeakMap<object, ConnectionOptions>()

/** Remembers how a sink connects, for those who need its ledger. */
export function withLedgerOf<S extends Sink<unknown>>(sink: S, options: ConnectionOptions): S {
  connections.set(sink, options)
  return sink
}

/** How a sink that `postgres` made connects to its database, which has its ledger. Undefined for any other sink. */
export function ledgerOfSink(sink: Sink<never>): ConnectionOptions | undefined {
  return connections.get(sink)
}
