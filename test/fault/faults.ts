import { setTimeout as wait } from "node:timers/promises"
import { type ClientMessage, type Fate, FaultProxy } from "./fault-proxy.ts"
import type { LoaderProcess } from "./loader-process.ts"
import { type Target, withClient } from "./target.ts"
import type { Fault, StartOptions } from "./trial.ts"

type Start = (options?: StartOptions) => Promise<LoaderProcess>

/** A loader behind a proxy that decides on each message; gives what the loader said at its end. */
async function behindProxy(
  target: Target,
  start: Start,
  decide: (message: ClientMessage, loader: LoaderProcess | undefined) => Fate | Promise<Fate>,
  slice?: number,
) {
  let loader: LoaderProcess | undefined
  const onMessage = (message: ClientMessage) => decide(message, loader)
  await using proxy = await FaultProxy.before(target.url, slice === undefined ? { onMessage } : { onMessage, slice })
  loader = await start({ url: proxy.urlOf(target.url) })
  return await loader.ended
}

/** Every message that a loader sends to which nothing happens. */
export async function recordMessages(target: Target, start: Start): Promise<readonly ClientMessage[]> {
  const messages: ClientMessage[] = []
  await behindProxy(target, start, (message) => {
    messages.push(message)
    return "pass"
  })
  return messages
}

/** SIGKILL before the server sees the first message that is meant. */
export function killedBefore(isPoint: (message: ClientMessage) => boolean): Fault {
  return async (target, start) => {
    let killed = false
    await behindProxy(target, start, (message, loader) => {
      if (!killed && isPoint(message)) {
        killed = true
        loader?.child.kill("SIGKILL")
      }
      return killed ? "reset" : "pass"
    })
  }
}

/** SIGKILL some time after the start. */
export function killedAfter(ms: number): Fault {
  return async (_target, start) => {
    const loader = await start()
    await wait(ms)
    loader.child.kill("SIGKILL")
    await loader.ended
  }
}

/** The connection is reset before the first message that is meant; whatever the loader does then, it may do. */
export function cutOff(isPoint: (message: ClientMessage) => boolean): Fault {
  return async (target, start) => {
    let cut = false
    await behindProxy(target, start, (message) => {
      if (cut || !isPoint(message)) return "pass"
      cut = true
      return "reset"
    })
  }
}

/** The server carries the message out, and its answer never arrives. */
export function answerLost(isPoint: (message: ClientMessage) => boolean): Fault {
  return async (target, start) => {
    let lost = false
    await behindProxy(target, start, (message) => {
      if (lost || !isPoint(message)) return "pass"
      lost = true
      return "swallow"
    })
    if (!lost) throw new Error("the point was never reached")
  }
}

/** Nothing passes any more from a point on, and nobody hangs up. */
export function blackHole(isPoint: (message: ClientMessage) => boolean): Fault {
  return async (target, start) => {
    let lost = false
    await using proxy = await FaultProxy.before(target.url, {
      onMessage: (message) => {
        lost ||= isPoint(message)
        return lost ? "blackhole" : "pass"
      },
    })
    const loader = await start({ url: proxy.urlOf(target.url) })
    await Promise.race([loader.ended, wait(4000)])
    loader.child.kill("SIGKILL")
    await loader.ended
  }
}

/** All bytes arrive, a few at a time, with pauses. */
export function slowAndSliced(slice: number, pauseMs: number): Fault {
  return async (target, start) => {
    await behindProxy(
      target,
      start,
      async ({ index }) => {
        if (pauseMs > 0 && index % 20 === 0) await wait(pauseMs)
        return "pass" as const
      },
      slice,
    )
  }
}

/** Loaders of the same bytes, all at once. */
export function manyAtOnce(loaders: number): Fault {
  return async (_target, start) => {
    const running = await Promise.all(Array.from({ length: loaders }, () => start()))
    const said = await Promise.all(running.map(({ ended }) => ended))
    const loaded = said.filter((output) => output?.outcome === "loaded").length
    if (loaded !== 1) throw new Error(`${loaded} of ${loaders} loaders say that they loaded: ${JSON.stringify(said)}`)
  }
}

/** SIGSTOP at a point, another loader meanwhile, then SIGCONT: the one that wakes must see that its time is over. */
export function zombie(isPoint: (message: ClientMessage) => boolean): Fault {
  return async (target, start) => {
    let stopped: LoaderProcess | undefined
    let pass = () => {}
    const woken = new Promise<void>((resolve) => {
      pass = resolve
    })
    let first: LoaderProcess | undefined
    await using proxy = await FaultProxy.before(target.url, {
      onMessage: async (message) => {
        if (stopped === undefined && first !== undefined && isPoint(message)) {
          stopped = first
          first.child.kill("SIGSTOP")
          await woken
        }
        return "pass" as const
      },
    })
    first = await start({ url: proxy.urlOf(target.url) })
    for (let tries = 0; stopped === undefined && first.child.exitCode === null && tries < 400; tries++) await wait(10)
    const second = await (await start()).ended
    first.child.kill("SIGCONT")
    pass()
    const said = await first.ended
    if (second?.outcome !== "loaded" && second?.outcome !== "duplicate") throw new Error(`the second loader said ${JSON.stringify(second)}`)
    if (second.outcome === "loaded" && said?.outcome === "loaded") throw new Error("both loaders say that they loaded")
  }
}

/** The server's processes that serve loaders are ended, politely or not, some time after the start. */
export function backendsEnded(ms: number): Fault {
  return async (target, start) => {
    const loader = await start()
    await wait(ms)
    await withClient(target.url, (client) =>
      client.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name <> 'fault observer' AND pid <> pg_backend_pid()",
      ),
    )
    await loader.ended
  }
}

/** SIGTERM some time after the start: the loader is gone within five seconds, and holds nothing. */
export function terminated(ms: number): Fault {
  return async (_target, start) => {
    const loader = await start()
    await wait(ms)
    loader.child.kill("SIGTERM")
    const late = await Promise.race([loader.ended.then(() => false), wait(5000, true)])
    if (late) throw new Error("the loader ran on for five seconds after SIGTERM")
  }
}
