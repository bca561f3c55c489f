import { readSettings } from "../settings.ts"
import type { DeployedStatement } from "./deployed.ts"

const functions = Object.keys(readSettings().functions)

/** What statements allow, in a form that is the same for each tool. */
export function allowedActions(statements: readonly DeployedStatement[]): readonly string[] {
  return statements.flatMap(({ sid, actions, resources, condition }) =>
    actions.flatMap((action) =>
      resources.map((resource) => `${sid} ${action} ${shapeOf(resource)}${condition === "" ? "" : ` if ${condition}`}`),
    ),
  )
}

/** What a resource is, whoever writes it: `processing/orders/*` for the parts of the pipeline. Each tool has its own way to name a resource. */
export function shapeOf(resource: string): string {
  const text = resource.replaceAll(/\$\{Pipeline\}/g, "orders")
  if (text === "*") return text
  const kind = kinds.find(([, pattern]) => pattern.test(text))?.[0] ?? `unknown ${text}`
  const of = functions.find((name) => text.toLowerCase().includes(name))
  const ending = endings[kind]?.exec(text)?.[0] ?? ""
  // The grants have their only wildcards at the end.
  const wild = text.slice(0, text.length - ending.length).includes("*") ? " and others" : ""
  if (kind === "log" || kind === "function") return `${kind} of ${of}${wild}`
  return kind + ending + wild
}

/** What may follow the name of a resource. Some tools name the streams of a log group, and others do not. */
const endings: { readonly [kind: string]: RegExp } = {
  execution: /[:/]\*$/,
  log: /:\*$/,
  ...Object.fromEntries(["landing", "processing", "archive"].map((bucket) => [bucket, /\/.*$/])),
}

const kinds: readonly (readonly [string, RegExp])[] = [
  ["database user", /rds-db|DatabaseUserArn/],
  ["execution", /:execution:|ExecutionArn/],
  ["state machine", /:stateMachine:|StateMachine|Deliveries\}/],
  ["dead letters", /sqs|DeadLetter/i],
  ["log", /LogGroup|Logs|:log-group:/],
  ["function", new RegExp(functions.join("|"), "i")],
  ["key", /:key\/|Key/],
  ["secret", /secret/i],
  ["landing", /landing/i],
  ["processing", /processing/i],
  ["archive", /archive/i],
]
