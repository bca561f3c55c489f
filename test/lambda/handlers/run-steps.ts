import type { Storage } from "../../../src/contract/storage.ts"
import type { Handler, Handlers } from "../../../src/lambda/handlers/create-handlers.ts"
import type { LambdaContext } from "../../../src/lambda/handlers/lambda-context.ts"
import type { LoadOutput, MergeOutput, ParserOutput } from "../../../src/lambda/handlers/steps.ts"

/** How `runSteps` calls the handlers. */
export interface StepOptions {
  /** Calls a handler. Default: calls it once. */
  readonly call?: (name: keyof Handlers, handler: Handler, input: unknown) => Promise<unknown>
  readonly context?: LambdaContext
  /** Where the lists of parts are. */
  readonly processing: Storage
}

/** What a run of all steps has done. */
export interface StepsRun {
  readonly steps: readonly string[]
  readonly output: LoadOutput | undefined
  readonly ignored?: string
}

/** Does what the state machine does, as plain calls. */
export async function runSteps(handlers: Handlers, event: unknown, options: StepOptions): Promise<StepsRun> {
  const { context, processing, call = (_name, handler, input) => handler(input, context) } = options
  const steps: string[] = []
  const step = async <R>(name: keyof Handlers, input: object): Promise<R> => {
    steps.push(name)
    const output = JSON.parse(JSON.stringify((await call(name, handlers[name], JSON.parse(JSON.stringify(input)))) ?? null)) as R
    if (JSON.stringify(output).length > 32_000) throw new Error(`the output of ${name} is too long for a state machine`)
    return output
  }
  const partsOf = async ({ key }: { readonly key: string }): Promise<readonly { readonly part: number }[]> => {
    const within = key.slice(/^s3:\/\/[^/]+\/(.*)$/.exec(processing.name)?.[1]?.length ?? 0)
    const chunks: Uint8Array[] = []
    for await (const chunk of processing.read(within)) chunks.push(chunk)
    return JSON.parse(Buffer.concat(chunks).toString())
  }
  const each = async (items: { readonly key: string }, names: readonly (keyof Handlers)[], input: object) => {
    // In the order of their digits: no function may rely on the order of parts.
    const parts = (await partsOf(items)).toSorted((one, other) => String(other.part).localeCompare(String(one.part)))
    for (const { part } of parts) for (const name of names) await step(name, { ...input, part })
  }

  let parsed = await step<ParserOutput>("parser", event as object)
  for (;;) {
    while (parsed.status === "unfinished") parsed = await step<ParserOutput>("parser", parsed)
    if (parsed.status === "ignored") return { steps, output: undefined, ignored: parsed.reason }
    if (parsed.status === "correction") throw new Error("corrections are replayed in one call")
    const { manifest } = parsed
    await each(parsed.items, ["normalizer", "validator", "scorer"], { manifest, round: 0 })
    let merged = await step<MergeOutput>("scorer", { manifest, round: 0, merge: true })
    while (merged.status === "revalidate") {
      await each(merged.items, ["validator", "scorer"], { manifest, round: merged.round })
      merged = await step<MergeOutput>("scorer", { manifest, round: merged.round, merge: true })
    }
    if (merged.status === "replan") {
      parsed = await step<ParserOutput>("parser", merged)
      continue
    }
    const { round } = merged
    if (merged.load === "staged" && merged.decision === "load") await each(merged.items, ["loader"], { manifest, round, step: "stage" })
    const output = await step<LoadOutput>("loader", { manifest, round, step: "load" })
    return { steps, output }
  }
}
