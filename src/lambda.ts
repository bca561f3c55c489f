export { type PurgeArchiveOptions, type PurgeArchiveReport, purgeArchive } from "./lambda/archive/purge-archive.ts"
export { answerBatch, type BatchAnswer, type BatchOptions } from "./lambda/events/answer-batch.ts"
export type {
  EventReading,
  IgnoredEvent,
  NamedObjects,
  ObjectEvent,
  ObjectPlace,
  QueueBatch,
  QueueMessage,
} from "./lambda/events/object-event.ts"
export { readEvent } from "./lambda/events/read-event.ts"
export type { ArchiveOutput } from "./lambda/handlers/archive-delivery.ts"
export { createHandlers, type Handler, type Handlers } from "./lambda/handlers/create-handlers.ts"
export { HandlerError } from "./lambda/handlers/handler-error.ts"
export type { HandlerOptions, StartedObject } from "./lambda/handlers/handler-options.ts"
export type { LambdaContext } from "./lambda/handlers/lambda-context.ts"
export type { PinnedObject } from "./lambda/handlers/manifest.ts"
export type { FailureOutput } from "./lambda/handlers/record-step-failure.ts"
export type { DeliveredOutput, IgnoredOutput, ObjectOutput } from "./lambda/handlers/run-objects.ts"
export type {
  FoundCorrection,
  IgnoredObject,
  ItemsPointer,
  LoadOutput,
  LoadWay,
  MergeOutput,
  ParsedObject,
  ParserOutput,
  PartPointer,
  Replan,
  Revalidate,
  SettledDelivery,
  UnfinishedParse,
} from "./lambda/handlers/steps.ts"
export type { EndedDelivery } from "./lambda/observe/delivery-metrics.ts"
export { type EmfMetricsOptions, emfMetrics } from "./lambda/observe/emf-metrics.ts"
export { type JsonLoggerOptions, jsonLogger, type LeveledLogger } from "./lambda/observe/json-logger.ts"
export type { LogLevel } from "./lambda/observe/log-level.ts"
export type { Metric, MetricSample, MetricsTarget, MetricUnit } from "./lambda/observe/metrics-target.ts"
export { createObserver, type FunctionCall, type ObservedCall, type Observer, type ObserverOptions } from "./lambda/observe/observer.ts"
export { type PowertoolsLogger, type PowertoolsMetrics, powertoolsLogger, powertoolsMetrics } from "./lambda/observe/powertools.ts"
export {
  databaseFromEnvironment,
  type EnvironmentDatabase,
  type EnvironmentDatabaseOptions,
} from "./lambda/secrets/database-from-environment.ts"
export type { SecretsClientLike } from "./lambda/secrets/secrets-reader.ts"
export type { SweepSettings } from "./lambda/sweep/sweep-options.ts"
export type { SweepFailure, SweepReport } from "./lambda/sweep/sweep-report.ts"
