import type { Sink } from "../contract/sink.ts"
import { type AnyLoadOptions, filesOfRun } from "./load-modes.ts"

/** What is known of a sink before its code is loaded. */
export function sinkFace(kind: string, options: AnyLoadOptions): Pick<Sink<unknown>, "name" | "delivery" | "files"> {
  const schema = options.schema === undefined ? "" : `${options.schema}.`
  return { name: `${kind}:${schema}${options.table}`, delivery: "once", files: filesOfRun(options) }
}
