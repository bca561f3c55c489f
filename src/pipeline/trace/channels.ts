import diagnostics from "node:diagnostics_channel"

/** The tracing channels, by what they trace. Undefined in a runtime whose `diagnostics_channel` has none. */
export const channels = {
  run: channel("rowgate:run"),
  delivery: channel("rowgate:delivery"),
  stage: channel("rowgate:stage"),
  sink: channel("rowgate:sink"),
}

/** One of `channels`. */
export type Channel = (typeof channels)["run"]

function channel(name: string) {
  return diagnostics.tracingChannel?.<object>(name)
}

/** Whether anybody listens. Channels of older runtimes cannot tell for all of their events at once. */
export function isTraced(channel: Channel): channel is NonNullable<Channel> {
  if (channel === undefined) return false
  const { start, end, asyncStart, asyncEnd, error } = channel
  return start.hasSubscribers || asyncEnd.hasSubscribers || error.hasSubscribers || end.hasSubscribers || asyncStart.hasSubscribers
}
