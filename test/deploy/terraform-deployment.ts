import type { JsonValue } from "../../src/model/json-value.ts"
import { type Alarm, allowed, type Deployment, type FunctionSettings, list } from "./deployment.ts"
import type { PlannedResource } from "./terraform-plan.ts"
import { valueAt } from "./value-at.ts"

type Values = PlannedResource["values"]
type Resources = readonly PlannedResource[]

/** What Terraform would deploy. */
export function terraformDeployment(resources: Resources): Deployment {
  const functions = Object.fromEntries(
    ofType(resources, "aws_lambda_function").map((each) => [String(each["function_name"]).replace(/^rowgate-/, ""), each]),
  )
  const machine = the(resources, "aws_sfn_state_machine")
  const rule = ofType(resources, "aws_cloudwatch_event_rule").find(({ event_pattern }) => String(event_pattern).includes('"aws.s3"'))
  const target = ofType(resources, "aws_cloudwatch_event_target").find((each) => each["rule"] === rule?.["name"])
  const schedule = the(resources, "aws_scheduler_schedule")
  return {
    stateMachine: JSON.parse(String(machine["definition"])),
    lifecycles: Object.fromEntries(
      ofType(resources, "aws_s3_bucket_lifecycle_configuration").flatMap(({ bucket, rule: rules }) => {
        const [, purpose = ""] = /^rowgate-([a-z]+)-/.exec(String(bucket)) ?? []
        return purpose === "trail" ? [] : [[purpose, list(rules).map(lifecycleRule)]]
      }),
    ),
    permissions: {
      ...Object.fromEntries(Object.keys(functions).map((name) => [name, rolePermissions(name, resources)])),
      stateMachine: rolePermissions("deliveries", resources),
      rule: rolePermissions("rule", resources),
      schedule: rolePermissions("schedule", resources),
    },
    functions: Object.fromEntries(Object.entries(functions).map(([name, each]) => [name, settingsOf(each, resources)])),
    rule: {
      pattern: JSON.parse(String(rule?.["event_pattern"])),
      target: undefined,
      retryAttempts: Number(valueAt(target?.["retry_policy"], 0, "maximum_retry_attempts")),
      maximumAgeSeconds: Number(valueAt(target?.["retry_policy"], 0, "maximum_event_age_in_seconds")),
    },
    schedule: { expression: String(schedule["schedule_expression"]), target: String(valueAt(schedule["target"], 0, "arn")) },
    alarms: ofType(resources, "aws_cloudwatch_metric_alarm").map(alarmOf),
    dashboard: ofType(resources, "aws_cloudwatch_dashboard").map(({ dashboard_body }) => JSON.parse(String(dashboard_body)))[0],
    queries: ofType(resources, "aws_cloudwatch_query_definition").map(({ name, log_group_names, query_string }) => ({
      name: String(name).replace(/^rowgate\//, ""),
      logGroups: list(log_group_names).map(String),
      query: String(query_string),
    })),
  }
}

function ofType(resources: Resources, type: string): readonly Values[] {
  return resources.filter((resource) => resource.type === type).map(({ values }) => values)
}

function the(resources: Resources, type: string): Values {
  const found = ofType(resources, type)
  if (found[0] === undefined || found.length > 1) throw new Error(`Terraform has ${found.length} resources of the type ${type}.`)
  return found[0]
}

function settingsOf(each: Values, resources: Resources): FunctionSettings {
  const group = valueAt(each["logging_config"], 0, "log_group")
  const reserved = Number(each["reserved_concurrent_executions"])
  return {
    runtime: String(each["runtime"]),
    architecture: list(each["architectures"]).join(),
    handler: String(each["handler"]),
    memoryMegabytes: Number(each["memory_size"]),
    timeoutSeconds: Number(each["timeout"]),
    temporaryMegabytes: Number(valueAt(each["ephemeral_storage"], 0, "size")),
    reservedConcurrency: reserved < 0 ? undefined : reserved,
    logRetentionDays: Number(ofType(resources, "aws_cloudwatch_log_group").find(({ name }) => name === group)?.["retention_in_days"]),
  }
}

/** All that a role may do. A plan does not know the roles of policies, but in the modules both have the same key. */
function rolePermissions(key: string, resources: Resources): readonly string[] {
  const attached = resources.filter(({ type }) => /^aws_iam_.*(attachment|exclusive)/.test(type))
  if (attached.length > 0) throw new Error(`Terraform attaches policies to roles: ${attached.map(({ address }) => address).join(", ")}`)
  return allowed(
    resources
      .filter(({ type, index }) => type === "aws_iam_role_policy" && index === key)
      .flatMap(({ values: { policy } }) => JSON.parse(String(policy)).Statement),
  )
}

/** The rule as the API of S3 has it. */
function lifecycleRule(rule: JsonValue): object {
  const field = (block: string, name: string) => given(valueAt(rule, block, 0, name))
  const expiration = { Days: field("expiration", "days"), ExpiredObjectDeleteMarker: field("expiration", "expired_object_delete_marker") }
  const noncurrent = field("noncurrent_version_expiration", "noncurrent_days")
  const abort = field("abort_incomplete_multipart_upload", "days_after_initiation")
  // Terraform keeps them as a set.
  const transitions = list(valueAt(rule, "transition")).toSorted(
    (left, right) => Number(valueAt(left, "days")) - Number(valueAt(right, "days")),
  )
  return {
    ...{ ID: valueAt(rule, "id"), Status: valueAt(rule, "status"), Filter: { Prefix: field("filter", "prefix") ?? "" } },
    Expiration: expiration.Days || expiration.ExpiredObjectDeleteMarker ? expiration : undefined,
    Transitions:
      transitions.length > 0
        ? transitions.map((each) => ({ Days: valueAt(each, "days"), StorageClass: valueAt(each, "storage_class") }))
        : undefined,
    NoncurrentVersionExpiration: noncurrent && { NoncurrentDays: noncurrent },
    AbortIncompleteMultipartUpload: abort && { DaysAfterInitiation: abort },
  }
}

function alarmOf(alarm: Values): Alarm {
  // Terraform keeps the queries as a set.
  const expressions = list(alarm["metric_query"]).map((query) => {
    const metric = valueAt(query, "metric", 0) as Values | undefined
    return {
      id: valueAt(query, "id"),
      expression: given(valueAt(query, "expression")),
      label: given(valueAt(query, "label")),
      ...(metric && { ...metricOf(metric), statistic: metric["stat"] }),
      returnData: valueAt(query, "return_data"),
    }
  })
  const described = {
    name: String(alarm["alarm_name"]).replace(/^rowgate-/, ""),
    description: alarm["alarm_description"],
    evaluationPeriods: alarm["evaluation_periods"],
    datapointsToAlarm: given(alarm["datapoints_to_alarm"]),
    threshold: alarm["threshold"],
    comparison: alarm["comparison_operator"],
    missing: alarm["treat_missing_data"],
  }
  const periods = list(alarm["metric_query"]).map((query) => given(valueAt(query, "metric", 0, "period")))
  if (expressions.length > 0) return { ...described, expressions, period: periods.find((period) => period !== undefined) }
  const [statistic, extendedStatistic, period] = ["statistic", "extended_statistic", "period"].map((name) => given(alarm[name]))
  return { ...described, ...metricOf(alarm), statistic, extendedStatistic, period }
}

function metricOf({ namespace, metric_name: metric, dimensions }: Values) {
  return { namespace, metric, dimensions }
}

/** Terraform has null, nothing, zero or false for what is not given. */
function given(value: JsonValue | undefined): JsonValue | undefined {
  return value || undefined
}
