import { readFileSync } from "node:fs"

/** A metric, as an alarm or a widget names it. */
export interface NamedMetric {
  readonly namespace: string
  readonly metric: string
  /** Names and values. The value of a search may be left out: it finds all. */
  readonly dimensions: { readonly [name: string]: string | undefined }
}

/** A metric of an expression, or the expression itself. */
export interface AlarmTerm extends Partial<NamedMetric> {
  readonly id: string
  readonly expression?: string
  readonly label?: string
  readonly statistic?: string
  readonly returnData: boolean
}

/** An entry of alarms.json. */
export interface Alarm extends Partial<NamedMetric> {
  readonly name: string
  readonly description: string
  readonly enabled?: boolean
  readonly statistic?: string
  readonly extendedStatistic?: string
  readonly period: number
  readonly evaluationPeriods: number
  readonly datapointsToAlarm?: number
  readonly threshold: number
  readonly comparison: string
  readonly missing: string
  readonly expressions?: readonly AlarmTerm[]
}

/** A widget of cloudwatch-dashboard.json. */
export interface Widget {
  readonly type: "alarm" | "log" | "metric" | "text"
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly properties: {
    readonly title?: string
    readonly alarms?: readonly string[]
    readonly metrics?: readonly (readonly unknown[])[]
    readonly query?: string
  }
}

/** An entry of log-queries.json. */
export interface LogQuery {
  readonly name: string
  readonly description: string
  readonly logGroups: readonly string[]
  readonly query: string
}

const functions = ["parser", "normalizer", "validator", "scorer", "loader", "sweeper"] as const

const values: { readonly [placeholder: string]: string } = {
  ...{ Name: "rowgate", Pipeline: "orders", Region: "us-east-1", Account: "111122223333", DatabaseId: "rowgate" },
  ...{ StateMachineArn: "arn:aws:states:us-east-1:111122223333:stateMachine:rowgate", DeadLetterQueueName: "rowgate-dead-letters" },
  ...Object.fromEntries(functions.map((name) => [`${name.slice(0, 1).toUpperCase()}${name.slice(1)}FunctionName`, `rowgate-${name}`])),
}

/** Reads a file of examples/lambda, with values in place of its placeholders. */
export function readShared<T>(name: string): T {
  const text = readFileSync(`examples/lambda/${name}`, "utf8").replace(/\$\{(\w+)\}/g, (placeholder, key: string) => {
    const value = values[key]
    if (value === undefined) throw new Error(`${name} has the placeholder ${placeholder}, which no deployment replaces.`)
    return value
  })
  return JSON.parse(text) as T
}
