import type { JsonValue } from "../../src/model/json-value.ts"
import type { JsonObject } from "./definition.ts"
import { StateError } from "./state-error.ts"

/** What paths refer to: `$` is the state's data, `$$` the context object. */
export interface Scope {
  readonly data: JsonValue
  readonly context: JsonObject
}

/** The value at a path such as `$.items[0].bucket` or `$$.Execution.Id`, or undefined if there is none. */
export function find(path: string, { data, context }: Scope): JsonValue | undefined {
  if (!/^\${1,2}(\.[\w-]+|\[\d+\])*$/.test(path)) throw new Error(`The runner does not know the path ${path}.`)
  let value: JsonValue | undefined = path.startsWith("$$") ? context : data
  for (const [name] of path.matchAll(/[\w-]+/g)) {
    if (value === null || typeof value !== "object" || !Object.hasOwn(value, name)) return undefined
    value = (value as JsonObject)[name]
  }
  return value
}

/** The value at a path. A path without a value stops the execution, and no Catch can hold it. */
export function read(path: string, scope: Scope): JsonValue {
  const value = find(path, scope)
  if (value === undefined)
    throw new StateError("States.Runtime", `The path ${path} has no value in ${JSON.stringify(scope.data).slice(0, 500)}.`)
  return value
}

/** The state's input with a result put at a reference path. */
export function put(result: JsonValue, path: string | null | undefined, input: JsonValue): JsonValue {
  if (path === null) return input
  if (path === undefined || path === "$") return result
  const names = [...path.matchAll(/[\w-]+/g)].map(([name]) => name)
  if (!/^\$(\.[\w-]+)+$/.test(path)) throw new Error(`The runner does not know the path ${path}.`)
  return putAt(names, result, input)
}

function putAt([name, ...rest]: readonly string[], result: JsonValue, input: JsonValue | undefined): JsonValue {
  if (name === undefined) return result
  if (input !== undefined && (input === null || typeof input !== "object" || Array.isArray(input)))
    throw new StateError("States.ResultPathMatchFailure", `There is no object to put ${name} into.`)
  const object = (input ?? {}) as JsonObject
  return { ...object, [name]: putAt(rest, result, object[name]) }
}

/** A payload template with its paths and intrinsic functions replaced by their values. */
export function fill(template: JsonValue, scope: Scope): JsonValue {
  if (template === null || typeof template !== "object") return template
  if (Array.isArray(template)) return template.map((each) => fill(each, scope))
  return Object.fromEntries(
    Object.entries(template).map(([key, value]) =>
      key.endsWith(".$") ? [key.slice(0, -2), evaluate(String(value), scope)] : [key, fill(value, scope)],
    ),
  )
}

function evaluate(expression: string, scope: Scope): JsonValue {
  const merge = /^States\.JsonMerge\(([^,()]+), ([^,()]+), false\)$/.exec(expression)
  if (merge !== null) {
    const [left, right] = [merge[1], merge[2]].map((path) => read(String(path), scope))
    return { ...(left as JsonObject), ...(right as JsonObject) }
  }
  if (expression.startsWith("States.")) throw new Error(`The runner does not know ${expression}.`)
  return read(expression, scope)
}
