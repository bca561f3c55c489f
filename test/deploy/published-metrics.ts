import type { Line } from "../lambda/observe/lines-of.ts"
import type { NamedMetric } from "./monitoring-files.ts"

interface EmbeddedMetrics {
  readonly CloudWatchMetrics: readonly {
    readonly Namespace: string
    readonly Dimensions: readonly (readonly string[])[]
    readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[]
  }[]
}

/** A value as CloudWatch takes it from a line: under each of the line's sets of dimensions, and under no other. */
export interface PublishedValue {
  readonly namespace: string
  readonly metric: string
  readonly unit: string
  readonly dimensions: { readonly [name: string]: string }
  readonly value: number
}

/** The values in lines of the embedded metric format. */
export function publishedValues(lines: readonly Line[]): readonly PublishedValue[] {
  return lines.flatMap((line) =>
    (line["_aws"] as EmbeddedMetrics).CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
      Metrics.flatMap(({ Name, Unit }) =>
        Dimensions.map((names) => ({
          ...{ namespace: Namespace, metric: Name, unit: Unit, value: Number(line[Name]) },
          dimensions: Object.fromEntries(names.map((name) => [name, String(line[name])])),
        })),
      ),
    ),
  )
}

/** The values that CloudWatch has for a metric. The names of dimensions must be the same: CloudWatch adds nothing up over those that are left out. */
export function valuesOf(published: readonly PublishedValue[], { namespace, metric, dimensions }: NamedMetric): readonly number[] {
  const names = Object.keys(dimensions).sort().join()
  return published
    .filter((each) => each.namespace === namespace && each.metric === metric && Object.keys(each.dimensions).sort().join() === names)
    .filter((each) => Object.entries(dimensions).every(([name, value]) => value === undefined || each.dimensions[name] === value))
    .map(({ value }) => value)
}

/** Metrics of AWS itself, and the dimensions that each of its services has for them. */
const awsMetrics: { readonly [namespace: string]: { readonly dimension: string; readonly metrics: readonly string[] } } = {
  "AWS/Lambda": { dimension: "FunctionName", metrics: ["ConcurrentExecutions", "Duration", "Errors", "Throttles"] },
  "AWS/States": {
    dimension: "StateMachineArn",
    metrics: ["ExecutionTime", "ExecutionsAborted", "ExecutionsFailed", "ExecutionsStarted", "ExecutionsSucceeded", "ExecutionsTimedOut"],
  },
  "AWS/SQS": { dimension: "QueueName", metrics: ["ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"] },
  "AWS/RDS": {
    dimension: "DBInstanceIdentifier",
    metrics: ["CPUUtilization", "DatabaseConnections", "FreeStorageSpace", "FreeableMemory", "ReadLatency", "WriteLatency"],
  },
}

/** Why nobody publishes a metric, or undefined if somebody does. */
export function whyUnpublished(published: readonly PublishedValue[], named: NamedMetric): string | undefined {
  const { namespace, metric, dimensions } = named
  const said = `${namespace} ${metric} ${JSON.stringify(dimensions)}`
  const aws = awsMetrics[namespace]
  if (aws === undefined) return valuesOf(published, named).length > 0 ? undefined : `no function publishes ${said}`
  if (!aws.metrics.includes(metric)) return `AWS has no metric ${said}`
  return Object.keys(dimensions).join() === aws.dimension ? undefined : `AWS has other dimensions than ${said}`
}
