import type { SinkFace } from "./sink-face.ts"
import type { StagingSink } from "./sql-sink.ts"

/** A sink whose code is loaded when it is first used, so that a function that only validates does not load all of it. */
export function lazySink(face: SinkFace, load: () => Promise<StagingSink>): StagingSink {
  let loaded: Promise<StagingSink> | undefined
  const sink = () => {
    loaded ??= load()
    return loaded
  }
  return {
    ...face,
    prepare(context) {
      sink().then(
        (sink) => sink.prepare?.(context),
        () => undefined,
      )
    },
    planOf: async (context, delivery) => await (await sink()).planOf?.(context, delivery),
    textColumns: async (context, columns) => await (await sink()).textColumns(context, columns),
    open: async (context, delivery) => await (await sink()).open(context, delivery),
    stage: async (context, delivery, part) => await (await sink()).stage(context, delivery, part),
    unstage: async (context, delivery) => await (await sink()).unstage(context, delivery),
    close: async (report) => await (await loaded)?.close?.(report),
  }
}
