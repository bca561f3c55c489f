import type { JsonValue } from "../../src/model/json-value.ts"

/** What all ways to deploy have to agree on, in the form of the files that they share. All placeholders have values. */
export interface Deployment {
  readonly stateMachine: JsonValue
  /** The rules of `landing`, `processing` and `archive`. */
  readonly lifecycles: { readonly [bucket: string]: readonly object[] }
  /** What each role may do, as `ACTION RESOURCE`, in order: those of the functions by their names, `stateMachine`, `rule` and `schedule`. */
  readonly permissions: { readonly [role: string]: readonly string[] }
  readonly functions: { readonly [name: string]: FunctionSettings }
  readonly rule: {
    readonly pattern: JsonValue
    /** A plan of Terraform does not know it. */
    readonly target: string | undefined
    readonly retryAttempts: number
    readonly maximumAgeSeconds: number
  }
  readonly schedule: { readonly expression: string; readonly target: string }
  // SAM has none of these.
  readonly alarms: readonly Alarm[]
  readonly dashboard: JsonValue | undefined
  readonly queries: readonly { readonly name: string; readonly logGroups: readonly string[]; readonly query: string }[]
}

export interface FunctionSettings {
  readonly runtime: string
  readonly architecture: string
  readonly handler: string
  readonly memoryMegabytes: number
  readonly timeoutSeconds: number
  readonly temporaryMegabytes: number
  readonly reservedConcurrency: number | undefined
  readonly logRetentionDays: number
}

export interface Alarm {
  readonly name: string
  readonly [field: string]: unknown
}

/** The statements of a policy, as `ACTION RESOURCE if CONDITION`, in order. They may deny nothing. */
export function allowed(statements: readonly { readonly [part: string]: JsonValue }[]): readonly string[] {
  return statements
    .flatMap(({ Sid: _, Effect, Action, Resource, Condition, ...others }) => {
      if (Effect !== "Allow" || Object.keys(others).length > 0)
        throw new Error(`A statement does not simply allow: ${JSON.stringify({ Effect, ...others })}`)
      const condition = Condition === undefined ? "" : ` if ${JSON.stringify(Condition)}`
      return [Action ?? []].flat().flatMap((action) => [Resource ?? []].flat().map((resource) => `${action} ${resource}${condition}`))
    })
    .sort()
}

/** A value that has to be a list, if there is one. */
export function list(value: JsonValue | undefined): readonly JsonValue[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw new Error(`This is not a list: ${JSON.stringify(value)}`)
  return value
}
