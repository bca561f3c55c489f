import type { JsonValue } from "../../src/model/json-value.ts"
import { type Alarm, allowed, type Deployment, type FunctionSettings, list } from "./deployment.ts"
import type { Template, TemplateResource } from "./sam-template.ts"
import { valueAt } from "./value-at.ts"

type Resources = Template["Resources"]
type Properties = TemplateResource["Properties"]

/** What a template of CloudFormation deploys. Its references are resolved. */
export function templateDeployment(resources: Resources): Deployment {
  const functions = Object.fromEntries(
    ofType(resources, "AWS::Lambda::Function").map((each) => [String(each["FunctionName"]).replace(/^rowgate-/, ""), each]),
  )
  const machine = the(resources, "AWS::StepFunctions::StateMachine")
  const rule = ofType(resources, "AWS::Events::Rule").find(({ EventPattern }) => valueAt(EventPattern, "source", 0) === "aws.s3") ?? {}
  const schedule = the(resources, "AWS::Scheduler::Schedule")
  const permissionsOf = (role: JsonValue | undefined) => rolePermissions(String(role).replace(/\.Arn$/, ""), resources)
  return {
    stateMachine: definitionOf(machine),
    lifecycles: Object.fromEntries(
      ofType(resources, "AWS::S3::Bucket").flatMap(({ BucketName, LifecycleConfiguration }) => {
        const [, purpose = ""] = /^rowgate-([a-z]+)-/.exec(String(BucketName)) ?? []
        if (purpose === "trail") return []
        return [[purpose, list(valueAt(LifecycleConfiguration, "Rules")).map(lifecycleRule)]]
      }),
    ),
    permissions: {
      ...Object.fromEntries(Object.entries(functions).map(([name, { Role }]) => [name, permissionsOf(Role)])),
      stateMachine: permissionsOf(machine["RoleArn"]),
      rule: permissionsOf(valueAt(rule["Targets"], 0, "RoleArn")),
      schedule: permissionsOf(valueAt(schedule["Target"], "RoleArn")),
    },
    functions: Object.fromEntries(Object.entries(functions).map(([name, each]) => [name, settingsOf(each, resources)])),
    rule: {
      pattern: rule["EventPattern"] ?? null,
      target: String(valueAt(rule["Targets"], 0, "Arn")),
      retryAttempts: Number(valueAt(rule["Targets"], 0, "RetryPolicy", "MaximumRetryAttempts")),
      maximumAgeSeconds: Number(valueAt(rule["Targets"], 0, "RetryPolicy", "MaximumEventAgeInSeconds")),
    },
    schedule: { expression: String(schedule["ScheduleExpression"]), target: String(valueAt(schedule["Target"], "Arn")) },
    alarms: ofType(resources, "AWS::CloudWatch::Alarm").map(alarmOf),
    dashboard: ofType(resources, "AWS::CloudWatch::Dashboard").map(({ DashboardBody }) => JSON.parse(String(DashboardBody)))[0],
    queries: ofType(resources, "AWS::Logs::QueryDefinition").map(({ Name, LogGroupNames, QueryString }) => ({
      name: String(Name).replace(/^rowgate\//, ""),
      logGroups: list(LogGroupNames).map(String),
      query: String(QueryString),
    })),
  }
}

function ofType(resources: Resources, type: string): readonly Properties[] {
  return Object.values(resources)
    .filter(({ Type }) => Type === type)
    .map(({ Properties }) => Properties)
}

function the(resources: Resources, type: string): Properties {
  const found = ofType(resources, type)
  if (found[0] === undefined || found.length > 1) throw new Error(`The template has ${found.length} resources of the type ${type}.`)
  return found[0]
}

function definitionOf({ DefinitionString, DefinitionSubstitutions }: Properties): JsonValue {
  const filled = String(DefinitionString).replace(/\$\{(\w+)\}/g, (_, name: string) => String(valueAt(DefinitionSubstitutions, name)))
  return JSON.parse(filled)
}

function settingsOf(properties: Properties, resources: Resources): FunctionSettings {
  const { Runtime, Architectures, Handler, MemorySize, Timeout, EphemeralStorage, ReservedConcurrentExecutions, LoggingConfig } = properties
  const logs = ofType(resources, "AWS::Logs::LogGroup").find(({ LogGroupName }) => LogGroupName === valueAt(LoggingConfig, "LogGroup"))
  return {
    runtime: String(Runtime),
    architecture: list(Architectures).join(),
    handler: String(Handler),
    memoryMegabytes: Number(MemorySize),
    timeoutSeconds: Number(Timeout),
    temporaryMegabytes: Number(valueAt(EphemeralStorage, "Size")),
    reservedConcurrency: ReservedConcurrentExecutions === undefined ? undefined : Number(ReservedConcurrentExecutions),
    logRetentionDays: Number(logs?.["RetentionInDays"]),
  }
}

/** All that a role may do: by its own policies, by those that it names, and by those that name it. */
function rolePermissions(role: string, resources: Resources): readonly string[] {
  const { Policies, ManagedPolicyArns } = resources[role]?.Properties ?? {}
  const attached = Object.entries(resources).filter(([id, { Type, Properties }]) => {
    if (Type === "AWS::IAM::ManagedPolicy") return list(ManagedPolicyArns).includes(id) || list(Properties["Roles"]).includes(role)
    return Type === "AWS::IAM::Policy" && list(Properties["Roles"]).includes(role)
  })
  const known = list(ManagedPolicyArns).every((named) => attached.some(([id]) => id === named))
  if (!known) throw new Error(`The role ${role} has policies that are not in the template: ${JSON.stringify(ManagedPolicyArns)}`)
  const documents = [
    ...list(Policies).map((policy) => valueAt(policy, "PolicyDocument")),
    ...attached.map(([, { Properties }]) => Properties["PolicyDocument"]),
  ]
  return allowed(documents.flatMap((document) => list(valueAt(document, "Statement")) as readonly Properties[]))
}

/** The rule as the API of S3 has it. */
function lifecycleRule(rule: JsonValue): object {
  const { Id, Status, Prefix = "", ExpirationInDays: Days, ExpiredObjectDeleteMarker, Transitions, ...same } = rule as Properties
  return {
    ...{ ID: Id, Status, Filter: { Prefix } },
    Expiration: Days || ExpiredObjectDeleteMarker ? { Days, ExpiredObjectDeleteMarker } : undefined,
    Transitions:
      Transitions &&
      list(Transitions).map((each) => ({ Days: valueAt(each, "TransitionInDays"), StorageClass: valueAt(each, "StorageClass") })),
    ...same,
  }
}

function alarmOf(alarm: Properties): Alarm {
  const expressions = list(alarm["Metrics"]).map((query) => {
    const metric = valueAt(query, "MetricStat", "Metric") as Properties | undefined
    return {
      id: valueAt(query, "Id"),
      expression: valueAt(query, "Expression"),
      label: valueAt(query, "Label"),
      ...(metric && metricOf(metric)),
      statistic: valueAt(query, "MetricStat", "Stat"),
      returnData: valueAt(query, "ReturnData"),
    }
  })
  const described = {
    name: String(alarm["AlarmName"]).replace(/^rowgate-/, ""),
    description: alarm["AlarmDescription"],
    evaluationPeriods: alarm["EvaluationPeriods"],
    datapointsToAlarm: alarm["DatapointsToAlarm"],
    threshold: alarm["Threshold"],
    comparison: alarm["ComparisonOperator"],
    missing: alarm["TreatMissingData"],
  }
  if (expressions.length > 0) return { ...described, expressions, period: valueAt(list(alarm["Metrics"])[1], "MetricStat", "Period") }
  const { Statistic: statistic, ExtendedStatistic: extendedStatistic, Period: period } = alarm
  return { ...described, ...metricOf(alarm), statistic, extendedStatistic, period }
}

function metricOf({ Namespace: namespace, MetricName: metric, Dimensions }: Properties) {
  return {
    namespace,
    metric,
    dimensions: Object.fromEntries(list(Dimensions).map((each) => [valueAt(each, "Name"), valueAt(each, "Value")])),
  }
}
