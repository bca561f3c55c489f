import type { JsonValue } from "../../../src/model/json-value.ts"

/** What a deployment would create, as far as the security checklist looks at it. Terraform, the CDK and SAM have a reader each. */
export interface Deployed {
  readonly buckets: readonly DeployedBucket[]
  readonly databases: readonly DeployedDatabase[]
  readonly functions: readonly DeployedFunction[]
  readonly roles: readonly DeployedRole[]
  /** Users, groups and whatever else of IAM is neither a role nor a policy of one. */
  readonly otherIdentities: readonly string[]
  /** Whom the policies of resources and the trust policies of roles let in. */
  readonly admitted: readonly Admitted[]
  /** Resources of types that the readers do not know. They may let somebody in. */
  readonly unread: readonly string[]
  readonly stateMachines: readonly { readonly name: string; readonly logsValues: boolean }[]
  readonly logGroups: readonly { readonly name: string; readonly days: number | undefined; readonly hasKey: boolean }[]
  readonly queues: readonly { readonly name: string; readonly hasKey: boolean; readonly onlyTls: boolean }[]
  readonly topics: readonly { readonly name: string; readonly hasKey: boolean; readonly onlyTls: boolean }[]
  readonly keys: readonly { readonly name: string; readonly rotates: boolean }[]
  /** What leads from subnets to the internet: gateways, and subnets that give out public addresses. */
  readonly waysOut: readonly string[]
  readonly ingress: readonly { readonly name: string; readonly fromGroup: boolean }[]
  readonly egress: readonly { readonly name: string; readonly toGroupOrS3: boolean }[]
  /** The endpoints of services in the network. */
  readonly endpoints: readonly { readonly service: string; readonly statements: readonly DeployedStatement[] }[]
  readonly trails: readonly DeployedTrail[]
  readonly flowLogs: readonly { readonly name: string; readonly all: boolean }[]
  readonly detectors: readonly { readonly name: string; readonly enabled: boolean; readonly features: readonly string[] }[]
  readonly hubs: number
  /** All properties whose names speak of passwords, with their values. */
  readonly passwords: readonly { readonly place: string; readonly value: JsonValue }[]
}

export interface DeployedBucket {
  readonly name: string
  readonly arn: string
  /** Its objects belong to the account, and no list of an object can let somebody in. */
  readonly disablesAcls: boolean
  readonly hasKey: boolean
  readonly versioned: boolean
  readonly blocksPublic: boolean
  readonly onlyTls: boolean
}

export interface DeployedDatabase {
  readonly name: string
  readonly encrypted: boolean
  /** Its storage, the owner's password and Performance Insights are encrypted with the key. */
  readonly hasKey: boolean
  readonly forcesTls: boolean
  /** The server logs neither messages about rows nor what it adds to other messages. */
  readonly logsNoRows: boolean
  readonly isPublic: boolean
  /** RDS keeps the owner's password in Secrets Manager and rotates it. */
  readonly managesPassword: boolean
  readonly tokens: boolean
  readonly backupDays: number
  readonly protected: boolean
}

export interface DeployedFunction {
  /** Such as parser. */
  readonly name: string
  readonly role: string
  readonly inVpc: boolean
  /** Its variables are encrypted with the key. */
  readonly hasKey: boolean
  readonly environment: { readonly [variable: string]: string }
  readonly hasDeadLetters: boolean
  readonly hasLogGroup: boolean
}

export interface DeployedRole {
  readonly id: string
  /** The services that may take the role. */
  readonly services: readonly string[]
  readonly statements: readonly DeployedStatement[]
  /** Policies that others wrote. */
  readonly foreignPolicies: readonly string[]
}

export interface DeployedStatement {
  readonly sid: string
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  /** Such as `StringEquals aws:PrincipalAccount ACCOUNT`; empty if there is none. */
  readonly condition: string
}

export interface Admitted {
  /** The resource that lets it in. */
  readonly name: string
  readonly kind: AdmittingKind
  readonly who: string
  /** A service of AWS, which may act for anybody. */
  readonly isService: boolean
  /** A condition admits it only for resources of this account. */
  readonly isForAccount: boolean
}

/** What the checklist tells apart. */
export type AdmittingKind = "key" | "role" | "topic" | "other"

export interface DeployedTrail {
  readonly name: string
  readonly validates: boolean
  readonly hasKey: boolean
  readonly everyRegion: boolean
  /** It records all calls that manage resources. */
  readonly management: boolean
  /** What the names of objects begin with that it records when they are read or written. */
  readonly objects: readonly string[]
}

/** A policy, as all of them write it. */
interface Policy {
  readonly Statement: readonly {
    readonly Sid?: string
    readonly Effect: string
    readonly Principal?: JsonValue
    readonly Action?: string | readonly string[]
    readonly Resource?: JsonValue
    readonly [other: string]: JsonValue | undefined
    readonly Condition?: JsonValue
  }[]
}

/** Whether a policy denies everyone everything without TLS: of a bucket, its objects too. */
export function deniesPlainText(policy: JsonValue | undefined): boolean {
  return statementsOf(policy).some(({ Effect, Principal, Action, Resource, Condition }) => {
    const everyone = Principal === "*" || JSON.stringify(Principal) === '{"AWS":"*"}'
    const service = listOf(Action).map((action) => /^(?:(s3|sqs):\*|(sns):Publish)$/.exec(String(action))?.slice(1).join(""))[0]
    const objects = listOf(Resource).map((resource) => JSON.stringify(resource).includes("/*"))
    const whole = service === "s3" ? objects.includes(true) && objects.includes(false) : service !== undefined
    return (
      Effect === "Deny" && everyone && whole && /^\{"Bool":\{"aws:SecureTransport":("false"|false)\}\}$/.test(JSON.stringify(Condition))
    )
  })
}

/** The statements of a policy of a role. What is not simply allowed, such as `NotAction`, is in the actions too. */
export function deployedStatements(policy: JsonValue | undefined, textOf: (value: JsonValue) => string): readonly DeployedStatement[] {
  return statementsOf(policy).map(({ Sid = "", Effect, Action, Resource, Condition, NotAction, NotResource }) => ({
    sid: Sid,
    actions: [
      ...listOf(Action).map((action) => (Effect === "Allow" ? String(action) : `${Effect} ${action}`)),
      ...listOf(NotAction).map((action) => `* except ${action}`),
    ],
    resources: [...listOf(Resource).map(textOf), ...listOf(NotResource).map((resource) => `* except ${textOf(resource)}`)],
    condition: conditionText(Condition, textOf),
  }))
}

/** A condition, whoever writes it: `StringEquals kms:ViaService s3.REGION.amazonaws.com`. */
export function conditionText(condition: JsonValue | undefined, textOf: (value: JsonValue) => string): string {
  const tests = Object.entries((condition ?? {}) as { readonly [operator: string]: { readonly [key: string]: JsonValue } })
  return tests
    .flatMap(([operator, keys]) => Object.entries(keys).map(([key, values]) => `${operator} ${key} ${listOf(values).map(textOf).sort()}`))
    .sort()
    .join(" and ")
    .replaceAll(/\$\{(AWS::)?Region\}|us-east-1/g, "REGION")
    .replaceAll(/\$\{AWS::AccountId\}|123456789012/g, "ACCOUNT")
}

export function statementsOf(policy: JsonValue | undefined): Policy["Statement"] {
  return listOf((policy as { readonly Statement?: JsonValue } | undefined)?.Statement) as unknown as Policy["Statement"]
}

export function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]
}

/** Finds properties by their names, such as `MasterUserPassword`, but not settings that only speak of passwords, such as `ManageMasterUserPassword`. */
export function passwordsIn(value: JsonValue, place: string): { readonly place: string; readonly value: JsonValue }[] {
  if (typeof value !== "object" || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => {
    const path = `${place}.${name}`
    const isOne = /password|passwd|secret_?string|token$/i.test(name) && typeof inner !== "boolean" && inner !== null
    return [...(isOne ? [{ place: path, value: inner }] : []), ...passwordsIn(inner as JsonValue, path)]
  })
}
