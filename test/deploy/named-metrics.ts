import type { Alarm, NamedMetric, Widget } from "./monitoring-files.ts"

/** The metrics that an alarm watches. */
export function metricsOfAlarm({ name, expressions, namespace, metric, dimensions }: Alarm): readonly NamedMetric[] {
  const named = (expressions ?? [{ namespace, metric, dimensions }]).flatMap(({ namespace, metric, dimensions }) =>
    namespace === undefined || metric === undefined || dimensions === undefined ? [] : [{ namespace, metric, dimensions }],
  )
  if (named.length === 0) throw new Error(`The alarm ${name} names no metric.`)
  return named
}

/** The metrics that a widget draws: plain ones, and those that its expressions search for. */
export function metricsOfWidget({ properties: { title, metrics = [] } }: Widget): readonly NamedMetric[] {
  const named: NamedMetric[] = []
  let before: readonly string[] = []
  for (const line of metrics) {
    const names = line.filter((item): item is string => typeof item === "string")
    const [options = {}] = line.filter((item): item is { readonly expression?: string } => typeof item === "object")
    if (names.length === 0) {
      named.push(...searched(String(options.expression)))
      continue
    }
    // "..." stands for what the line before has.
    const full = names[0] === "..." ? [...before.slice(0, before.length - names.length + 1), ...names.slice(1)] : names
    before = full
    const [namespace = "", metric = "", ...pairs] = full
    if (pairs.length % 2 !== 0) throw new Error(`A line of the widget ${title} has a dimension without a value.`)
    named.push({ namespace, metric, dimensions: Object.fromEntries(pairsOf(pairs)) })
  }
  return named
}

/** What the searches of an expression look for: `SEARCH('{namespace,dimension,...} MetricName="..." dimension="..."', ...)`. */
function searched(expression: string): readonly NamedMetric[] {
  return [...expression.matchAll(/SEARCH\('\{([^}]*)\} ([^']*)'/g)].map(([, schema = "", terms = ""]) => {
    const [namespace = "", ...names] = schema.split(",")
    const wanted = new Map([...terms.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [key, value]))
    const metric = wanted.get("MetricName") ?? ""
    const stray = [...wanted.keys()].filter((key) => key !== "MetricName" && !names.includes(key))
    if (stray.length > 0) throw new Error(`The search ${expression} asks for ${stray.join()}, which is not in its schema.`)
    return { namespace, metric, dimensions: Object.fromEntries(names.map((name) => [name, wanted.get(name)])) }
  })
}

function pairsOf(list: readonly string[]): readonly (readonly [string, string])[] {
  return list.flatMap((name, at) => (at % 2 === 0 ? [[name, list[at + 1] ?? ""] as const] : []))
}
