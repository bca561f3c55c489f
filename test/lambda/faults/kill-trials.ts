import { afterAll, beforeAll, expect, test } from "vitest"
import { ledgerDatabase } from "../../ledger-database.ts"
import { bucket } from "../../sources/s3/s3-server.ts"
import { type ExecutionOptions, execute } from "./execution.ts"
import { FaultWorld, type WorldOptions } from "./fault-world.ts"
import { orderFile } from "./order-file.ts"
import { brokenAfter, Fault, summary } from "./trials.ts"

/** How a delivery goes whose functions are killed. */
export interface KillOptions extends WorldOptions {
  /** For the summary. */
  readonly way: string
  readonly inOneCall?: boolean
  readonly outcome?: "loaded" | "refused"
}

/** Tests that a delivery has one effect, whichever of their calls its functions are killed at. */
export async function killTrials({ way, inOneCall = false, outcome = "loaded", ...options }: KillOptions): Promise<void> {
  const database = await ledgerDatabase()
  // Of a delivery that is refused, the database sees no row.
  const body = orderFile(outcome === "refused" ? { refused: -1 } : {})
  let world: FaultWorld
  beforeAll(async () => {
    world = await FaultWorld.create(database, options)
    await world.learn(body)
  })
  afterAll(async () => {
    await world[Symbol.asyncDispose]()
    process.stdout.write(summary())
  })

  const run = async (execution: ExecutionOptions): Promise<readonly string[]> => {
    const key = await world.begin(body)
    const { status, errors } = await execute(world, { bucket, key }, { ...execution, inOneCall })
    const broken = await brokenAfter(world, { key, body, outcome })
    return [outcome, "duplicate", "ignored"].includes(status) ? broken : [`it ended as ${status}: ${errors.join(", ")}`, ...broken]
  }

  test(`a delivery that is ${way} has one effect, whenever its functions are killed`, async () => {
    const calls = new Map<string, number>()
    const recorded = await run({
      onCalls: ({ name }, made) => void calls.set(name, Math.max(calls.get(name) ?? 0, made.length)),
    })
    expect(recorded).toEqual([])
    for (const [name, count] of calls) expect(count, `calls of ${name}`).toBeGreaterThan(0)

    const faults = new Map(
      [...calls].map(([name, count]) => [name, new Fault(`${way}: ${name} killed before each of its ${count} calls, and after the last`)]),
    )
    const most = Math.max(...calls.values())
    // A process that dies after a call leaves what one leaves that dies before its next call. Only after the last one, its answer is lost.
    for (let call = 1; call <= most + 1; call++) {
      const killed = new Map<string, number>()
      const broken = await run({
        interruptionOf: ({ name, attempt }) =>
          attempt > 1 ? undefined : call <= most ? { call, when: "before" } : { call: calls.get(name) ?? 1, when: "after" },
        onCalls: ({ name }, _made, died) => void (died && killed.set(name, (killed.get(name) ?? 0) + 1)),
      })
      for (const [name, times] of killed) for (let trial = 0; trial < times; trial++) faults.get(name)?.add(`call ${call}`, broken)
    }
    expect([...faults.values()].flatMap((fault) => fault.end())).toEqual([])
    // A load makes a call or two more or less from run to run, such as a heartbeat.
    for (const [name, count] of calls) expect(faults.get(name)?.trials, `kills of ${name}`).toBeGreaterThanOrEqual(count - 2)
  })
}
