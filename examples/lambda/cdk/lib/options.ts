import { fileURLToPath } from "node:url"
import type { Node } from "constructs"
import { settings } from "./settings.ts"

/** What you can choose, in `context` of cdk.json. `-c name=value` works for one deployment only. Sizes and time-outs are in ../settings.json. */
export interface Options {
  /** The names of all resources begin with it. Default: `rowgate`. */
  readonly name: string
  /** The name of the pipeline in ../pipeline.ts. Default: `orders`. */
  readonly pipeline: string
  /** Whether files are loaded when they arrive. `false`: the rule and the schedule of the sweeper are off, and files wait. Default: `true`. */
  readonly intake: boolean
  /** Who gets mail when an alarm changes. AWS asks this address for a confirmation first. Default: nobody. */
  readonly alarmEmail: string | undefined
  /** The addresses of the VPC. Default: `10.0.0.0/16`. */
  readonly vpcCidr: string
  /** `single`: the functions reach the internet through one NAT gateway, for checks of your own that call a service. Default: `none`. */
  readonly nat: "none" | "single"
  /** Whether functions connect through an RDS Proxy. Default: `false`. */
  readonly databaseProxy: boolean
  /** The resource id of a restored database that has taken the name of the one of the stack, such as `db-ABC`. Default: that of the stack's own. */
  readonly databaseResourceId: string | undefined
  /** The secret with the password of its owner. Default: that of the stack's own. */
  readonly databaseSecretArn: string | undefined
  /** Whether the database has a standby in a second zone. Default: `true`. */
  readonly multiAz: boolean
  /** Whether buckets, key and database survive the stack. Turn it off for tests only. Default: `true`. */
  readonly deletionProtection: boolean
  /** How many instances of a function AWS keeps warm, such as `{"parser": 2}`. They cost money even when they are idle. Default: none. */
  readonly provisionedConcurrency: { readonly [name: string]: number }
  /** More variables for the functions, which override those of the stack, such as `{"LOG_LEVEL": "debug"}`. Default: none. */
  readonly functionEnvironment: { readonly [name: string]: string }
  /** Whether CloudTrail records calls of AWS, and who reads and writes objects of the three buckets. Default: `true`. */
  readonly cloudtrail: boolean
  /** Whether to turn on GuardDuty. Turn this off if the account has it in this region. Default: `true`. */
  readonly guardduty: boolean
  /** Whether to turn on Security Hub. Turn this off if the account has it in this region. Default: `true`. */
  readonly securityHub: boolean
  /** Whether to log the connections of the VPC. Default: `true`. */
  readonly flowLogs: boolean
  /** Where `npm run build:lambda` has put the bundles. Default: `dist-lambda` in the root of the repository. */
  readonly bundles: string
}

/** Variables that Lambda sets itself, and refuses. */
const reserved =
  /^(AWS_(DEFAULT_)?REGION|AWS_(SECRET_)?ACCESS_KEY(_ID)?|AWS_SESSION_TOKEN|AWS_EXECUTION_ENV|AWS_LAMBDA_(FUNCTION|LOG|INITIALIZATION|RUNTIME_API).*|LAMBDA_(TASK_ROOT|RUNTIME_DIR))$/

export function readOptions(node: Node): Options {
  const options: Options = {
    // The names of buckets and of the database begin with it.
    name: text("name", /^(?=.{3,20}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/, "3 to 20 lowercase letters, digits and single hyphens") ?? "rowgate",
    // Policies contain it, and so do the keys of parts.
    pipeline:
      text("pipeline", /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, "at most 100 letters, digits, dots, hyphens and underscores") ?? "orders",
    intake: flag("intake", true),
    alarmEmail: text("alarmEmail", /^[^@\s]+@[^@\s]+$/, "an e-mail address"),
    vpcCidr: text("vpcCidr", /^(\d{1,3}\.){3}\d{1,3}\/(1[6-9]|20)$/, "a block of IPv4 addresses from /16 to /20") ?? "10.0.0.0/16",
    nat: oneOf("nat", ["none", "single"]),
    databaseProxy: flag("databaseProxy", false),
    databaseResourceId: text("databaseResourceId", /^db-[A-Z0-9]+$/, "the resource id of an instance, such as db-ABC"),
    databaseSecretArn: text("databaseSecretArn", /^arn:aws[a-z-]*:secretsmanager:\S+$/, "the ARN of a secret"),
    multiAz: flag("multiAz", true),
    deletionProtection: flag("deletionProtection", true),
    provisionedConcurrency: map(
      "provisionedConcurrency",
      isWarm,
      `the functions ${Object.keys(settings.functions).join(", ")} with numbers from 1 to their reserved concurrency`,
    ),
    functionEnvironment: map(
      "functionEnvironment",
      isVariable,
      "variables with texts, apart from those that Lambda sets itself, such as AWS_REGION",
    ),
    cloudtrail: flag("cloudtrail", true),
    guardduty: flag("guardduty", true),
    securityHub: flag("securityHub", true),
    flowLogs: flag("flowLogs", true),
    bundles: text("bundles") ?? fileURLToPath(new URL("../../../../dist-lambda", import.meta.url)),
  }
  const known = Object.keys(options)
  // Flags of the CDK and what its CLI adds have other characters in their names.
  const unknown = Object.keys(node.getAllContext()).filter((name) => /^\w+$/.test(name) && !known.includes(name))
  if (unknown.length > 0) throw new Error(`There is no option "${unknown.join('", "')}". The options are ${known.join(", ")}.`)
  return options

  function text(option: string, pattern = /^/, form = "a text"): string | undefined {
    const value: unknown = node.tryGetContext(option)
    if (value === undefined || value === null || value === "") return undefined
    if (typeof value !== "string" || !pattern.test(value)) throw wrong(option, value, form)
    return value
  }

  function oneOf<T extends string>(option: string, [usual, ...others]: readonly [T, ...T[]]): T {
    const value = text(option) ?? usual
    const found = [usual, ...others].find((allowed) => allowed === value)
    if (found === undefined) throw wrong(option, value, [usual, ...others].join(" or "))
    return found
  }

  /** `-c` gives text, cdk.json gives booleans. */
  function flag(option: string, otherwise: boolean): boolean {
    const value = String(node.tryGetContext(option) ?? otherwise)
    if (value !== "true" && value !== "false") throw wrong(option, value, "true or false")
    return value === "true"
  }

  /** `-c` gives JSON as text, cdk.json gives objects. */
  function map<T>(
    option: string,
    isEntry: (entry: [string, unknown]) => entry is [string, T],
    form: string,
  ): { readonly [name: string]: T } {
    const given: unknown = node.tryGetContext(option) ?? {}
    const value = typeof given === "string" ? parsed(given) : given
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(option, given, "a JSON object")
    const entries: [string, unknown][] = Object.entries(value)
    if (!entries.every(isEntry)) throw wrong(option, given, `an object of ${form}`)
    return Object.fromEntries(entries)
  }
}

function isWarm(entry: [string, unknown]): entry is [string, number] {
  const [name, instances] = entry
  const most = settings.functions[name]?.reservedConcurrency ?? Number.POSITIVE_INFINITY
  return Object.hasOwn(settings.functions, name) && Number.isInteger(instances) && Number(instances) >= 1 && Number(instances) <= most
}

function isVariable(entry: [string, unknown]): entry is [string, string] {
  const [name, value] = entry
  return /^[A-Za-z]\w+$/.test(name) && !reserved.test(name) && typeof value === "string"
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

function wrong(option: string, value: unknown, form: string): Error {
  return new Error(`The option "${option}" is "${typeof value === "string" ? value : JSON.stringify(value)}". Set it to ${form}.`)
}
