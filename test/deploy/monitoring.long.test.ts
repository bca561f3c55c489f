import { readFileSync } from "node:fs"
import { CreateBucketCommand, type LifecycleRule, PutBucketLifecycleConfigurationCommand, S3Client } from "@aws-sdk/client-s3"
import { beforeAll, describe, expect, test } from "vitest"
import { type StandIn, startStandIn, whyNoStandIn } from "../aws/stand-in.ts"
import { type ObservedDeliveries, observeDeliveries } from "../lambda/observe/observed-deliveries.ts"
import { ledgerDatabase } from "../ledger-database.ts"
import { putAlarm, putDashboard } from "./cloudwatch-calls.ts"
import { type Alarm, type LogQuery, type NamedMetric, readShared, type Widget } from "./monitoring-files.ts"
import { metricsOfAlarm, metricsOfWidget } from "./named-metrics.ts"
import { type PublishedValue, publishedValues, whyUnpublished } from "./published-metrics.ts"
import { lineFields, queryFields } from "./query-fields.ts"
import { rings } from "./rings.ts"

interface Settings {
  readonly timeoutSeconds: number
  readonly deadLetterDays: number
  readonly database: { readonly storageGigabytes: number }
  readonly functions: { readonly [name: string]: { readonly step: boolean; readonly schedule?: string } }
}

const alarms = readShared<readonly Alarm[]>("alarms.json")
const { widgets } = readShared<{ readonly widgets: readonly Widget[] }>("cloudwatch-dashboard.json")
const queries = readShared<readonly LogQuery[]>("log-queries.json")
const lifecycles = readShared<{ readonly [bucket: string]: readonly LifecycleRule[] }>("s3-lifecycle.json")
const settings = readShared<Settings>("settings.json")
const database = await ledgerDatabase()

let observed: ObservedDeliveries
let published: readonly PublishedValue[]
beforeAll(async () => {
  observed = await observeDeliveries(database)
  published = publishedValues(observed.metrics)
})

const faultsOf = (named: readonly NamedMetric[]) => named.flatMap((each) => whyUnpublished(published, each) ?? [])
const alarm = (name: string): Alarm => {
  const found = alarms.find((each) => each.name === name)
  if (found === undefined) throw new Error(`alarms.json has no alarm ${name}.`)
  return found
}

describe("alarms", () => {
  test.each(alarms.map((each) => [each.name, each] as const))("%s watches metrics that somebody publishes", (_name, each) => {
    expect(faultsOf(metricsOfAlarm(each))).toEqual([])
  })

  test("a metric with a wrong name, dimension or value is found", () => {
    const { namespace = "", metric = "", dimensions = {} } = alarm("deliveries-refused")
    const right = { namespace, metric, dimensions }
    const wrong: readonly NamedMetric[] = [
      { ...right, metric: "DeliveriesRefuse" },
      { ...right, namespace: "Rowgate" },
      { ...right, dimensions: { pipeline: "orders" } },
      { ...right, dimensions: { ...dimensions, part: "scorer" } },
      { ...right, dimensions: { ...dimensions, function: "rowgate-loader" } },
      { ...right, dimensions: { ...dimensions, pipeline: "order" } },
      { namespace: "AWS/Lambda", metric: "Error", dimensions: { FunctionName: "rowgate-loader" } },
      { namespace: "AWS/Lambda", metric: "Errors", dimensions: { Function: "rowgate-loader" } },
    ]
    expect(faultsOf([right])).toEqual([])
    expect(faultsOf(wrong)).toHaveLength(wrong.length)
  })

  test("each function that runs by itself has alarms for errors, throttles and its duration", () => {
    const names = Object.entries(settings.functions).flatMap(([name, { step, schedule }]) => (step || schedule !== undefined ? [name] : []))
    expect(names).toHaveLength(6)
    const needed = names.flatMap((name) => ["errors", "throttles", "duration"].map((what) => `${name}-${what}`))
    expect(alarms.map(({ name }) => name)).toEqual(expect.arrayContaining(needed))
    for (const name of names)
      for (const [what, metric] of [
        ["errors", "Errors"],
        ["throttles", "Throttles"],
        ["duration", "Duration"],
      ] as const)
        expect(alarm(`${name}-${what}`)).toMatchObject({ metric, dimensions: { FunctionName: `rowgate-${name}` } })
  })

  test("limits follow from the settings", () => {
    for (const { metric, threshold, name } of alarms) if (metric === "Duration") expect(threshold, name).toBe(settings.timeoutSeconds * 800)
    expect(alarm("database-storage").threshold).toBe((settings.database.storageGigabytes * 2 ** 30) / 10)
    expect(alarm("dead-letters-old").threshold).toBe((settings.deadLetterDays * 86_400) / 2)
  })

  test("CloudWatch can evaluate each: a period of minutes, at most a day, or a week of hours", () => {
    for (const { name, period, evaluationPeriods, datapointsToAlarm = 1, expressions = [] } of alarms) {
      expect(period % 60, name).toBe(0)
      expect(period * evaluationPeriods, name).toBeLessThanOrEqual(period < 3_600 ? 86_400 : 7 * 86_400)
      expect(datapointsToAlarm, name).toBeLessThanOrEqual(evaluationPeriods)
      // An alarm cannot search.
      for (const { expression = "" } of expressions) expect(expression, name).not.toContain("SEARCH")
      if (expressions.length > 0)
        expect(
          expressions.filter(({ returnData }) => returnData),
          name,
        ).toHaveLength(1)
    }
  })

  test("those about files ring for what was observed: a refused file and its score, one given up, and a sweep that failed", () => {
    const own = alarms.filter((each) => metricsOfAlarm(each).every(({ namespace }) => namespace === "rowgate"))
    const ringing = own.filter((each) => rings(each, published)).map(({ name }) => name)
    // No row of the refused file is right, so its score is low.
    expect(ringing).toEqual(["deliveries-refused", "score-low", "sweeper-poisoned", "sweeper-failures"])
    // Half of the rows of such a day are rejected, and no sweep ends.
    const bad = published
      .filter(({ metric }) => !metric.startsWith("Sweep") && metric !== "DeliveriesLoaded")
      .map((each) => ({ ...each, value: each.metric === "RowsRejected" ? 4_600 : each.metric === "Score" ? 91 : each.value }))
    expect(own.filter((each) => rings(each, bad)).map(({ name }) => name)).toEqual([
      ...["deliveries-refused", "rejects-ratio", "score-low", "no-file", "sweeper-silent"],
    ])
  })

  test("each has a name of its own, and says what it means and what to do first", () => {
    expect(new Set(alarms.map(({ name }) => name)).size).toBe(alarms.length)
    for (const { name, description } of alarms) expect(description, name).toMatch(/^[A-Z].*[.;] .*\.$/)
    const page = readFileSync("docs/aws/monitoring.md", "utf8")
    expect(alarms.filter(({ name }) => !page.includes(`\`${name}\``)).map(({ name }) => name)).toEqual([])
  })
})

describe("published metrics", () => {
  test("docs/observe.md lists each with its unit", () => {
    const rows = [...readFileSync("docs/observe.md", "utf8").matchAll(/^\| (`[A-Z]\w+`.*?) \| (\w+)[^|]*\|/gm)]
    const units = new Map(
      rows.flatMap(([, names = "", unit = ""]) =>
        [...names.matchAll(/`(\w+)`/g)].map(([, name = ""]) => [name, unit === "0" ? "None" : unit] as const),
      ),
    )
    expect(new Set(published.map(({ metric }) => metric)).size).toBeGreaterThan(20)
    for (const { metric, unit } of published) expect(units.get(metric), metric).toBe(unit)
  })
})

describe("the dashboard", () => {
  test.each(widgets.filter(({ type }) => type === "metric").map((each) => [each.properties.title, each] as const))(
    "%s draws metrics that somebody publishes",
    (_title, widget) => {
      const named = metricsOfWidget(widget)
      expect(named.length).toBeGreaterThan(0)
      expect(faultsOf(named)).toEqual([])
    },
  )

  test("no widget covers another one or ends outside of the grid", () => {
    const taken = new Map<string, string | undefined>()
    for (const { x, y, width, height, properties } of widgets) {
      expect(x + width, properties.title).toBeLessThanOrEqual(24)
      for (let column = x; column < x + width; column++)
        for (let row = y; row < y + height; row++) {
          expect(taken.get(`${column} ${row}`), properties.title).toBeUndefined()
          taken.set(`${column} ${row}`, properties.title)
        }
    }
  })

  test("expressions use the names of their own widget, each once", () => {
    for (const { properties } of widgets) {
      const options = (properties.metrics ?? []).flatMap((line) => line.filter((item) => typeof item === "object")) as {
        readonly id?: string
        readonly expression?: string
      }[]
      const ids = options.flatMap(({ id }) => id ?? [])
      expect(new Set(ids).size, properties.title).toBe(ids.length)
      for (const id of ids) expect(id).toMatch(/^[a-z]\w*$/)
      for (const { expression = "" } of options) {
        const used = expression.replace(/'[^']*'/g, "").match(/\b[a-z]\w*\b/g) ?? []
        expect(ids).toEqual(expect.arrayContaining(used))
      }
    }
  })

  test("it shows each alarm that is on", () => {
    const shown = widgets.flatMap(({ properties }) => properties.alarms ?? [])
    const on = alarms.filter(({ enabled = true }) => enabled)
    expect(shown).toEqual(on.map(({ name }) => `arn:aws:cloudwatch:us-east-1:111122223333:alarm:rowgate-${name}`))
  })
})

describe("log queries", () => {
  const ofAws = ["@timestamp", "@log", "type", "record.status"]
  const report = ["maxMemoryUsedMB", "memorySizeMB", "durationMs"].map((name) => `record.metrics.${name}`)
  const all = [
    ...queries.map(({ name, query }) => [name, query] as const),
    ...widgets.flatMap(({ properties: { title = "", query } }) => (query === undefined ? [] : [[`the widget ${title}`, query] as const])),
  ]

  test.each(all)("%s uses fields that lines have", (_name, query) => {
    const known = new Set([...observed.log, ...observed.metrics].flatMap((line) => lineFields(line)))
    const fields = queryFields(query)
    expect(fields.length).toBeGreaterThan(2)
    expect(fields.filter((field) => !known.has(field) && ![...ofAws, ...report].includes(field))).toEqual([])
  })

  test("messages that they look for are those of the lines", () => {
    const messages = observed.log.map(({ message }) => message)
    const wanted = all.flatMap(([, query]) => [...query.matchAll(/message = "([^"]*)"/g)].map(([, text]) => text))
    expect(wanted.length).toBeGreaterThan(2)
    expect(messages).toEqual(expect.arrayContaining(wanted))
  })

  test("they read logs of functions that exist", () => {
    const names = new Set(queries.flatMap(({ logGroups }) => logGroups))
    expect(Object.keys(settings.functions)).toEqual(expect.arrayContaining([...names]))
  })
})

test("lifecycles remove nothing that a delivery still needs", () => {
  expect(Object.keys(lifecycles)).toEqual(["landing", "processing", "archive"])
  const expiry = (bucket: string) => lifecycles[bucket]?.flatMap(({ Expiration }) => Expiration?.Days ?? [])
  expect(expiry("landing")).toEqual([])
  expect(expiry("archive")).toEqual([])
  for (const days of expiry("processing") ?? []) expect(days).toBeGreaterThanOrEqual(7)
  for (const rules of Object.values(lifecycles))
    expect(rules.map(({ AbortIncompleteMultipartUpload: abort }) => abort?.DaysAfterInitiation)).toContain(1)
})

const reason = await whyNoStandIn()
if (reason !== undefined) {
  console.log(`skipped: ${reason}`)
  test("a stand-in for AWS takes alarms, dashboard and lifecycles", ({ skip }) => skip(reason))
} else {
  test("a stand-in for AWS takes alarms, dashboard and lifecycles", async () => {
    await using standIn: StandIn = await startStandIn()
    for (const each of alarms) await putAlarm(standIn, each)
    await putDashboard(standIn, "rowgate", readFileSync("examples/lambda/cloudwatch-dashboard.json", "utf8"))
    const s3 = new S3Client({ ...standIn.client, forcePathStyle: true })
    for (const [Bucket, Rules] of Object.entries(lifecycles)) {
      await s3.send(new CreateBucketCommand({ Bucket }))
      await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: [...Rules] } }))
    }
  })
}
