import type { StandIn } from "../aws/stand-in.ts"
import type { Alarm, NamedMetric } from "./monitoring-files.ts"

/** Creates an alarm on a stand-in for AWS. */
export async function putAlarm(standIn: StandIn, alarm: Alarm): Promise<void> {
  const { expressions, period, statistic = "", extendedStatistic = "" } = alarm
  const terms = (expressions ?? []).map(({ id, expression, returnData, ...term }) => ({
    ...{ Id: id, ReturnData: returnData },
    ...(expression === undefined
      ? { MetricStat: { Metric: metricOf(term as NamedMetric), Period: period, Stat: term.statistic } }
      : { Expression: expression }),
  }))
  await call(standIn, "PutMetricAlarm", {
    ...{ AlarmName: `rowgate-${alarm.name}`, AlarmDescription: alarm.description },
    ...{ EvaluationPeriods: alarm.evaluationPeriods, Threshold: alarm.threshold, ComparisonOperator: alarm.comparison },
    ...{ TreatMissingData: alarm.missing, DatapointsToAlarm: alarm.datapointsToAlarm },
    ...(expressions === undefined ? { ...metricOf(alarm as NamedMetric), Period: period } : { Metrics: { member: terms } }),
    ...(statistic !== "" && { Statistic: statistic }),
    ...(extendedStatistic !== "" && { ExtendedStatistic: extendedStatistic }),
  })
  const answer = await call(standIn, "DescribeAlarms", { AlarmNames: { member: [`rowgate-${alarm.name}`] } })
  if (!answer.includes(`<AlarmName>rowgate-${alarm.name}</AlarmName>`)) throw new Error(`The alarm ${alarm.name} does not exist: ${answer}`)
}

/** Creates a dashboard on a stand-in for AWS. */
export async function putDashboard(standIn: StandIn, name: string, body: string): Promise<void> {
  const answer = await call(standIn, "PutDashboard", { DashboardName: name, DashboardBody: body })
  if (answer.includes("<DashboardValidationMessage>")) throw new Error(answer)
}

function metricOf({ namespace, metric, dimensions }: NamedMetric): object {
  const member = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }))
  return { Namespace: namespace, MetricName: metric, Dimensions: { member } }
}

async function call({ client: { endpoint } }: StandIn, action: string, input: object): Promise<string> {
  const answer = await fetch(endpoint, {
    method: "POST",
    headers: {
      authorization: "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/monitoring/aws4_request, SignedHeaders=host, Signature=0",
    },
    body: new URLSearchParams([["Action", action], ["Version", "2010-08-01"], ...parameters(input)]),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${action} failed: ${text}`)
  return text
}

/** The query protocol of AWS: `Dimensions.member.1.Name=pipeline`. */
function parameters(value: unknown, path = ""): [string, string][] {
  if (value === undefined) return []
  if (typeof value !== "object" || value === null) return [[path, String(value)]]
  const base = Array.isArray(value) ? 1 : 0
  return Object.entries(value).flatMap(([name, inner]) => {
    const step = base === 1 ? String(Number(name) + 1) : name
    return parameters(inner, path === "" ? step : `${path}.${step}`)
  })
}
