import { readFileSync } from "node:fs"
import type { JsonValue } from "../../src/model/json-value.ts"
import { readDefinition } from "./definition.ts"
import { type Execution, type RunnerOptions, runStateMachine } from "./state-machine.ts"

/** The functions that the state machine calls; the text `${ParserFunctionArn}` stands for the first until it is deployed. */
export const functionRoles = ["parser", "normalizer", "validator", "scorer", "loader"] as const
export type FunctionRole = (typeof functionRoles)[number]
export type Functions = { readonly [role in FunctionRole]: (payload: JsonValue) => Promise<JsonValue> }

export const shippedFile = new URL("../../examples/lambda/state-machine.asl.json", import.meta.url)

/** The placeholder of a function's ARN in the shipped file. */
export function placeholder(role: FunctionRole): string {
  return `\${${role[0]?.toUpperCase()}${role.slice(1)}FunctionArn}`
}

/** Executes the state machine of examples/lambda with these functions. */
export function runShippedMachine(
  input: JsonValue,
  { functions, ...options }: { readonly functions: Functions } & Omit<RunnerOptions, "invoke">,
): Promise<Execution> {
  const called = new Map(functionRoles.map((role) => [placeholder(role), functions[role]]))
  return runStateMachine(readDefinition(readFileSync(shippedFile, "utf8")), input, {
    ...options,
    async invoke(name, payload) {
      const call = called.get(name)
      if (call === undefined) throw new Error(`The state machine calls ${name}, which is no function of the pipeline.`)
      return call(payload)
    },
  })
}
