import { readFileSync } from "node:fs"
import type { Grant, Permissions } from "../granted-permissions.ts"
import { allowedActions, shapeOf } from "./allowed-actions.ts"
import { conditionText, type DeployedRole } from "./deployed.ts"

const permissions: Permissions = JSON.parse(readFileSync(new URL("../../../examples/lambda/permissions.json", import.meta.url), "utf8"))

/** The services that call on behalf of the stack, with what each may do. */
const callers: { readonly [service: string]: readonly Grant[] } = {
  "states.amazonaws.com": permissions.stateMachine,
  "events.amazonaws.com": permissions.rule,
  "scheduler.amazonaws.com": permissions.schedule,
}

const flowLogs = "vpc-flow-logs.amazonaws.com"

/** The services of permissions.json that none of the roles is for. */
export function callersWithoutRole(roles: readonly DeployedRole[]): readonly string[] {
  return Object.keys(callers).filter((caller) => !roles.some(({ services }) => services.join() === caller))
}

/** What a role may do beyond permissions.json, and what it lacks. `functionName` has the role, or it is the role of a service. */
export function roleDifferences(role: DeployedRole, functionName: string | undefined): readonly string[] {
  if (functionName !== undefined) return differences(functionName, role, permissions.functions[functionName] ?? [])
  const service = role.services.join()
  if (service === flowLogs) return differencesOfFlowLogs(role)
  const grants = callers[service]
  return grants === undefined ? [`${role.id} is neither a function's role nor one of a known service.`] : differences(service, role, grants)
}

/** A plan does not know the log group, and so not the policy. */
function differencesOfFlowLogs({ statements, foreignPolicies }: DeployedRole): readonly string[] {
  const unneeded = statements.flatMap(({ actions, resources }) => [
    ...actions.filter((action) => !["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"].includes(action)),
    ...resources.filter((resource) => !shapeOf(resource).startsWith("log")),
  ])
  return [...foreignPolicies, ...unneeded].map((what) => `${flowLogs} also has ${what}`)
}

function differences(name: string, role: DeployedRole, grants: readonly Grant[]): readonly string[] {
  const expected = allowedActions(
    grants.map(({ sid, actions, resources, condition }) => ({ sid, actions, resources, condition: conditionText(condition, String) })),
  )
  const found = allowedActions(role.statements)
  return [
    ...role.foreignPolicies,
    ...expected.filter((each) => !found.includes(each)).map((each) => `${name} lacks ${each}`),
    ...found.filter((each) => !expected.includes(each)).map((each) => `${name} also has ${each}`),
  ]
}
