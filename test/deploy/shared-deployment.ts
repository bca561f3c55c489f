import { readFileSync } from "node:fs"
import type { JsonValue } from "../../src/model/json-value.ts"
import { allowed, type Deployment } from "./deployment.ts"
import { account, arn, region } from "./resolve-template.ts"

interface Grant {
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  readonly condition?: JsonValue
}

/** What AWS chooses, and the name of the database. */
export interface Chosen {
  readonly KeyArn: string
  readonly DatabaseUserArn: string
  readonly DatabaseSecretArn: string
  readonly DatabaseId: string
}

/** What the shared files say, for a deployment with the name `rowgate` and the pipeline `orders`. */
export function sharedDeployment(chosen: Chosen): Deployment {
  const settings = json("settings.json")
  const names = Object.keys(settings.functions)
  const forEachFunction = (suffix: string, value: (name: string) => string) =>
    Object.fromEntries(names.map((name) => [`${name.charAt(0).toUpperCase()}${name.slice(1)}${suffix}`, value(name)]))
  const bucket = (purpose: string) => `rowgate-${purpose}-${account}-${region}`
  const values: { readonly [placeholder: string]: string } = {
    ...chosen,
    ...{ Name: "rowgate", Pipeline: "orders", Region: region, Account: account },
    LandingBucketArn: `arn:aws:s3:::${bucket("landing")}`,
    ProcessingBucketArn: `arn:aws:s3:::${bucket("processing")}`,
    ArchiveBucketArn: `arn:aws:s3:::${bucket("archive")}`,
    DeadLetterQueueArn: arn("sqs", "rowgate-dead-letters"),
    DeadLetterQueueName: "rowgate-dead-letters",
    StateMachineArn: arn("states", "stateMachine:rowgate-deliveries"),
    StateMachineExecutionArn: arn("states", "execution:rowgate-deliveries"),
    ...forEachFunction("FunctionArn", (name) => arn("lambda", `function:rowgate-${name}:live`)),
    ...forEachFunction("FunctionName", (name) => `rowgate-${name}`),
    ...forEachFunction("LogGroupArn", (name) => arn("logs", `log-group:/aws/lambda/rowgate-${name}`)),
  }

  const { functions, ...others } = json("permissions.json", values)
  const roles: { readonly [role: string]: readonly Grant[] } = { ...functions, ...others }
  const { event } = settings
  return {
    stateMachine: json("state-machine.asl.json", values),
    lifecycles: json("s3-lifecycle.json"),
    permissions: Object.fromEntries(
      Object.entries(roles).map(([role, grants]) => [
        role,
        allowed(
          grants.map(({ actions, resources, condition }) => ({
            ...{ Effect: "Allow", Action: actions, Resource: resources },
            ...(condition !== undefined && { Condition: condition }),
          })),
        ),
      ]),
    ),
    functions: Object.fromEntries(
      names.map((name) => {
        const { runtime, architecture, handler, memoryMegabytes, timeoutSeconds, temporaryMegabytes, logRetentionDays } = settings
        const { reservedConcurrency } = settings.functions[name]
        const all = { runtime, architecture, handler, memoryMegabytes, timeoutSeconds, temporaryMegabytes, logRetentionDays }
        return [name, { ...all, reservedConcurrency }]
      }),
    ),
    rule: {
      pattern: {
        source: ["aws.s3"],
        "detail-type": ["Object Created"],
        detail: { bucket: { name: [bucket("landing")] }, object: { key: [{ "anything-but": { prefix: event.exceptPrefix } }] } },
      },
      target: values["StateMachineArn"] ?? "",
      retryAttempts: event.retryAttempts,
      maximumAgeSeconds: event.maximumAgeSeconds,
    },
    schedule: { expression: settings.functions.sweeper.schedule, target: values["SweeperFunctionArn"] ?? "" },
    alarms: json("alarms.json", values)
      .filter(({ enabled }: { enabled?: boolean }) => enabled !== false)
      .map(({ enabled: _, ...alarm }: { enabled?: boolean; name: string }) => alarm),
    dashboard: json("cloudwatch-dashboard.json", values),
    queries: json("log-queries.json").map(({ name, logGroups, query }: { name: string; logGroups: string[]; query: string }) => {
      return { name, logGroups: logGroups.map((group) => `/aws/lambda/rowgate-${group}`), query }
    }),
  }
}

/** A file with its placeholders filled in. */
function json(file: string, values?: { readonly [placeholder: string]: string }) {
  const text = readFileSync(new URL(`../../examples/lambda/${file}`, import.meta.url), "utf8")
  if (values === undefined) return JSON.parse(text)
  return JSON.parse(
    text.replace(/\$\{(\w+)\}/g, (_, name: string) => {
      const value = values[name]
      if (value === undefined) throw new Error(`${file} has the placeholder ${name}, which has no value here.`)
      return value
    }),
  )
}
