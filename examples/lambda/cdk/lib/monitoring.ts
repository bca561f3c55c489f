import { Stack } from "aws-cdk-lib"
import { CfnAlarm, CfnDashboard } from "aws-cdk-lib/aws-cloudwatch"
import { EventField, Rule, RuleTargetInput } from "aws-cdk-lib/aws-events"
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam"
import type { Key } from "aws-cdk-lib/aws-kms"
import { CfnQueryDefinition } from "aws-cdk-lib/aws-logs"
import { Topic } from "aws-cdk-lib/aws-sns"
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions"
import type { StateMachine } from "aws-cdk-lib/aws-stepfunctions"
import { Construct } from "constructs"
import { logGroupName } from "./functions.ts"
import type { Options } from "./options.ts"
import { settings } from "./settings.ts"
import { fill, sharedJson, type Values } from "./shared-files.ts"

interface Metric {
  readonly namespace?: string
  readonly metric?: string
  readonly dimensions?: { readonly [name: string]: string }
  readonly statistic?: string
}

interface Alarm extends Metric {
  readonly name: string
  readonly description: string
  /** Whether the alarm exists. Default: true. */
  readonly enabled?: boolean
  readonly extendedStatistic?: string
  readonly period: number
  readonly evaluationPeriods: number
  readonly datapointsToAlarm?: number
  readonly threshold: number
  readonly comparison: string
  readonly missing: string
  readonly expressions?: readonly (Metric & {
    readonly id: string
    readonly expression?: string
    readonly label?: string
    readonly returnData: boolean
  })[]
}

interface Query {
  readonly name: string
  readonly logGroups: readonly string[]
  readonly query: string
}

/** Limits that follow from settings.json: 80 % of the time-out, and a tenth of the storage at the start. */
const thresholds: { readonly [alarm: string]: number } = {
  ...Object.fromEntries(Object.keys(settings.functions).map((name) => [`${name}-duration`, settings.timeoutSeconds * 1000 * 0.8])),
  "database-storage": (settings.database.storageGigabytes * 1024 ** 3) / 10,
}

interface MonitoringProps {
  readonly options: Options
  readonly key: Key
  readonly stateMachine: StateMachine
  /** For the placeholders of alarms and dashboard. */
  readonly values: Values
}

const [execution, status, error] = ["executionArn", "status", "error"].map((field) => EventField.fromPath(`$.detail.${field}`))
const failure = `The execution ${execution} ended as ${status} with the error ${error}. Read its history, or the reason in the ledger.`

/** Alarms, dashboard and saved queries, and a topic for who wants to know. */
export class Monitoring extends Construct {
  constructor(scope: Construct, { options, key, stateMachine, values }: MonitoringProps) {
    super(scope, "Monitoring")
    const { name, alarmEmail } = options
    const topic = new Topic(this, "Topic", { topicName: `${name}-alarms`, masterKey: key, enforceSSL: true })
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: "Alarms",
        principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
        actions: ["sns:Publish"],
        resources: [topic.topicArn],
        conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } },
      }),
    )
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: "FailedExecutions",
        principals: [new ServicePrincipal("events.amazonaws.com")],
        actions: ["sns:Publish"],
        resources: [topic.topicArn],
      }),
    )
    if (alarmEmail !== undefined) topic.addSubscription(new EmailSubscription(alarmEmail))

    for (const alarm of fill(sharedJson<readonly Alarm[]>("alarms.json"), values)) {
      if (alarm.enabled === false) continue
      new CfnAlarm(this, `Alarm-${alarm.name}`, alarmOf(alarm, name, topic.topicArn))
    }
    new CfnDashboard(this, "Dashboard", {
      dashboardName: name,
      dashboardBody: Stack.of(this).toJsonString(fill(sharedJson<object>("cloudwatch-dashboard.json"), values)),
    })
    for (const { name: queryName, logGroups, query } of sharedJson<readonly Query[]>("log-queries.json")) {
      new CfnQueryDefinition(this, `Query-${queryName}`, {
        name: `${name}/${queryName}`,
        logGroupNames: logGroups.map((group) => logGroupName(options, group)),
        queryString: query,
      })
    }
    new Rule(this, "Failures", {
      ruleName: `${name}-execution-failed`,
      description: "Tells the topic which delivery failed",
      eventPattern: {
        source: ["aws.states"],
        detailType: ["Step Functions Execution Status Change"],
        detail: { stateMachineArn: [stateMachine.stateMachineArn], status: ["FAILED", "TIMED_OUT", "ABORTED"] },
      },
      // The construct for such a target would let EventBridge use the key for everything.
      targets: [{ bind: () => ({ arn: topic.topicArn, input: RuleTargetInput.fromText(failure), targetResource: topic }) }],
    })
  }
}

function alarmOf(alarm: Alarm, name: string, topicArn: string) {
  const { period, expressions, namespace, metric, statistic, extendedStatistic } = alarm
  return {
    alarmName: `${name}-${alarm.name}`,
    alarmDescription: alarm.description,
    alarmActions: [topicArn],
    okActions: [topicArn],
    evaluationPeriods: alarm.evaluationPeriods,
    ...(alarm.datapointsToAlarm !== undefined && { datapointsToAlarm: alarm.datapointsToAlarm }),
    threshold: thresholds[alarm.name] ?? alarm.threshold,
    comparisonOperator: alarm.comparison,
    treatMissingData: alarm.missing,
    ...(expressions === undefined
      ? {
          ...{ namespace, metricName: metric, dimensions: dimensionsOf(alarm), period },
          ...(extendedStatistic === undefined ? { statistic } : { extendedStatistic }),
        }
      : { metrics: expressions.map((query) => queryOf(query, period)) }),
  }
}

function queryOf({ id, expression, label, returnData, ...metric }: NonNullable<Alarm["expressions"]>[number], period: number) {
  if (expression !== undefined) return { id, expression, label, returnData }
  const { namespace, metric: metricName, statistic } = metric
  return {
    id,
    returnData,
    metricStat: { metric: { namespace, metricName, dimensions: dimensionsOf(metric) }, period, stat: statistic ?? "Sum" },
  }
}

function dimensionsOf({ dimensions = {} }: Metric) {
  return Object.entries(dimensions).map(([name, value]) => ({ name, value }))
}
