import type { Sink, SinkSession } from "../../contract/sink.ts"
import type { Failpoint, SinkCall } from "./crash-message.ts"

/** A sink that records each call and carries out a failpoint. */
export function failingSink<T>(
  sink: Sink<T>,
  calls: SinkCall[],
  failpoint: Failpoint | undefined,
  act: (failpoint: Failpoint) => void,
): Sink<T> {
  const around = async <R>(method: SinkCall["method"], work: () => R | Promise<R>): Promise<R> => {
    const nth = 1 + calls.filter((call) => call.method === method).length
    calls.push({ method, nth })
    const isHere = failpoint?.method === method && failpoint.nth === nth
    // A sink cannot release anything if it is never told to end. Such a call fails only after it was carried out.
    const ends = method === "dispose" || method === "close"
    const early = isHere && failpoint.when === "before" && !(ends && failpoint.act === "throw")
    if (early) act(failpoint)
    const result = await work()
    if (isHere && !early) act(failpoint)
    return result
  }
  return {
    name: sink.name,
    delivery: sink.delivery,
    files: sink.files,
    ...(sink.prepare === undefined ? {} : { prepare: (context) => sink.prepare?.(context) }),
    ...(sink.planOf === undefined ? {} : { planOf: async (context, delivery) => sink.planOf?.(context, delivery) }),
    async open(context, delivery) {
      let opened: SinkSession<T> | undefined
      try {
        return failingSession(await around("open", async () => (opened = await sink.open(context, delivery))), around)
      } catch (error) {
        // The caller never got the session, so nobody else can close it.
        await opened?.[Symbol.asyncDispose]()
        throw error
      }
    },
    ...(sink.close === undefined ? {} : { close: (report) => around("close", () => sink.close?.(report)) }),
  }
}

type Around = <R>(method: SinkCall["method"], work: () => R | Promise<R>) => Promise<R>

function failingSession<T>(session: SinkSession<T>, around: Around): SinkSession<T> {
  const { settle, refuse } = session
  return {
    duplicateOf: session.duplicateOf,
    refusal: session.refusal,
    get notices() {
      return session.notices
    },
    write: (batch) => around("write", () => session.write(batch)),
    ...(settle === undefined ? {} : { settle: (sha256: string) => around("settle", () => settle.call(session, sha256)) }),
    commit: (report) => around("commit", () => session.commit(report)),
    ...(refuse === undefined ? {} : { refuse: (report) => refuse.call(session, report) }),
    [Symbol.asyncDispose]: () => around("dispose", async () => session[Symbol.asyncDispose]()),
  }
}
