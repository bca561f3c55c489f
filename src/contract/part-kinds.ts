import type { OptionKind } from "../options/option-kind.ts"
import { callback, having } from "../options/option-kinds.ts"
import type { Logger } from "./logger.ts"
import type { Parser } from "./parser.ts"
import type { Sink } from "./sink.ts"
import type { Source } from "./source.ts"
import type { Stage } from "./stage.ts"

export function sourceKind(): OptionKind<Source> {
  return having<Source>('a source, such as file("orders.csv")', "files")
}

export function parserKind<T>(): OptionKind<Parser<T>> {
  return having<Parser<T>>("a parser, such as csv()", "parse")
}

export function stageKind<In, Out>(): OptionKind<Stage<In, Out>> {
  return callback("a stage, such as stage.filter(...)")
}

export function sinkKind<T>(): OptionKind<Sink<T>> {
  return having<Sink<T>>("a sink, such as postgres({ ... })", "open")
}

export function loggerKind(): OptionKind<Logger> {
  return having<Logger>("a logger with debug, info, warn and error", "debug", "info", "warn", "error")
}
