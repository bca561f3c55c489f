import { SecretColumns } from "../binding/secret-columns.ts"
import type { Sink } from "../contract/sink.ts"
import { type AnyLoadOptions, filesOfRun } from "./load-modes.ts"

/** What is known of a sink before its code is loaded. */
export type SinkFace = Pick<Sink<unknown>, "name" | "delivery" | "files" | "hides">

export function sinkFace(kind: string, options: AnyLoadOptions): SinkFace {
  const schema = options.schema === undefined ? "" : `${options.schema}.`
  return {
    name: `${kind}:${schema}${options.table}`,
    delivery: "once",
    files: filesOfRun(options),
    ...(options.redact === undefined ? {} : { hides: (column, plan) => new SecretColumns(options, plan).test()(column) }),
  }
}
