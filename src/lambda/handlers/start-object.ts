import { randomUUID } from "node:crypto"
import { env } from "node:process"
import type { SFNClient } from "@aws-sdk/client-sfn"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { StartOutcome, SweptObject } from "../sweep/sweep-options.ts"
import type { HandlerCall } from "./handler-call.ts"
import { deliverOne } from "./run-objects.ts"
import type { Settings } from "./settings.ts"

let client: SFNClient | undefined

/**
 * Starts the delivery of an object: an execution of the state machine in `STATE_MACHINE_ARN` or, without one, in this call. An object whose execution has not
 * ended is left alone.
 */
export async function startObject(settings: Settings, object: SweptObject, call: HandlerCall): Promise<StartOutcome> {
  const { bucket, key, versionId, etag, size } = object
  const named = { bucket, key, size, ...(versionId === undefined ? {} : { versionId }), ...(etag === undefined ? {} : { etag }) }
  if (settings.start !== undefined) return settings.start(named)
  const machine = env["STATE_MACHINE_ARN"]
  if (machine === undefined || machine === "") {
    return await deliverOne(settings, { ...named, uri: object.uri }, call).then(
      () => "started",
      (failure: unknown) => ({ failure }),
    )
  }
  const { SFNClient, StartExecutionCommand } = await loadSdk()
  client ??= new SFNClient({})
  // With a name of its own, a request that the SDK repeats starts no second execution.
  const input = { stateMachineArn: machine, name: randomUUID(), input: JSON.stringify(named) }
  await client.send(new StartExecutionCommand(input), { abortSignal: call.signal })
  return "started"
}

async function loadSdk(): Promise<typeof import("./executions-sdk.ts")> {
  try {
    return await import("./executions-sdk.ts")
  } catch (cause) {
    throw new RowgateError({
      code: "DEPENDENCY_MISSING",
      message: "Starting a state machine needs the package @aws-sdk/client-sfn, which is not installed.",
      remedy: "Run npm install @aws-sdk/client-sfn, or unset STATE_MACHINE_ARN.",
      cause,
    })
  }
}
