import { type Channel, isTraced } from "./channels.ts"

/**
 * Does `work` and tells the subscribers of the channel. `begun` makes the message, and `ended` what the end adds to it. Without subscribers, neither is
 * called. The result is kept from the message, because it may be any object.
 */
export async function traced<R>(
  channel: Channel,
  begun: () => object,
  work: () => Promise<R>,
  ended: (result: R) => object = () => ({}),
): Promise<R> {
  if (!isTraced(channel)) return await work()
  const message = begun()
  let outcome: { readonly result: R } | undefined
  await channel.tracePromise(async () => {
    outcome = { result: await work() }
    Object.assign(message, ended(outcome.result))
  }, message)
  if (outcome === undefined) throw new Error("A traced operation ended without a result.")
  return outcome.result
}
