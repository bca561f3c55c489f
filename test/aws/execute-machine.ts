import { randomUUID } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"
import { DescribeExecutionCommand, GetExecutionHistoryCommand, type SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn"
import type { JsonValue } from "../../src/model/json-value.ts"

/** An execution of the state machine that has ended. */
export interface EndedExecution {
  readonly status: string
  readonly output: JsonValue
  readonly error: string | undefined
  readonly cause: string | undefined
  /** The names of its states in the order in which they were entered; those of a map's items are executions of their own. */
  readonly states: readonly string[]
  readonly seconds: number
}

/** Executes a deployed state machine and waits until it ends. */
export async function executeMachine(client: SFNClient, machine: string, input: JsonValue): Promise<EndedExecution> {
  const begun = performance.now()
  // The stand-in gives the same name to every execution without one.
  const name = randomUUID()
  const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn: machine, name, input: JSON.stringify(input) }))
  for (;;) {
    const { status, output, error, cause } = await client.send(new DescribeExecutionCommand({ executionArn }))
    if (status === "RUNNING" || status === undefined) {
      await sleep(100)
      continue
    }
    const { events = [] } = await client.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1_000 }))
    const states = events.flatMap(({ stateEnteredEventDetails: entered }) => (entered?.name === undefined ? [] : [entered.name]))
    const seconds = (performance.now() - begun) / 1_000
    return { status, output: output === undefined ? null : JSON.parse(output), error, cause, states, seconds }
  }
}
