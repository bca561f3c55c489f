import type { Alarm, NamedMetric } from "./monitoring-files.ts"
import { type PublishedValue, valuesOf } from "./published-metrics.ts"

const statistics: { readonly [name: string]: (values: readonly number[]) => number } = {
  Sum: (values) => values.reduce((sum, value) => sum + value, 0),
  Minimum: (values) => Math.min(...values),
  SampleCount: (values) => values.length,
}

const comparisons: { readonly [name: string]: (value: number, threshold: number) => boolean } = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  GreaterThanThreshold: (value, threshold) => value > threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
}

/** Whether an alarm of rowgate's own metrics rings if all these values are of one period. */
export function rings(alarm: Alarm, published: readonly PublishedValue[]): boolean {
  const value = measured(alarm, published)
  const compare = comparisons[alarm.comparison]
  if (compare === undefined) throw new Error(`The alarm ${alarm.name} has the comparison ${alarm.comparison}.`)
  return value === undefined ? alarm.missing === "breaching" : compare(value, alarm.threshold)
}

function measured(
  { expressions, namespace, metric, dimensions, statistic }: Alarm,
  published: readonly PublishedValue[],
): number | undefined {
  const one = (named: Partial<NamedMetric>, statistic = ""): number | undefined => {
    const values = valuesOf(published, named as NamedMetric)
    const add = statistics[statistic]
    if (add === undefined) throw new Error(`An alarm has the statistic ${statistic}.`)
    return values.length === 0 ? undefined : add(values)
  }
  if (expressions === undefined) return one({ namespace, metric, dimensions } as NamedMetric, statistic)
  const terms = expressions.filter(({ expression }) => expression === undefined)
  const formula = expressions.find(({ returnData }) => returnData)?.expression
  // The formulas are valid JavaScript with these two functions.
  const compute = new Function("IF", "FILL", ...terms.map(({ id }) => id), `return ${formula}`)
  return compute(
    (condition: boolean, then: number, otherwise: number) => (condition ? then : otherwise),
    (value: number | undefined, otherwise: number) => value ?? otherwise,
    ...terms.map((term) => one(term, term.statistic)),
  )
}
