import { csv, file } from "rowgate"
import { crashLoader } from "rowgate/testing"
import type { LoaderSettings } from "./loader-settings.ts"
import { sinkOf } from "./sink-of.ts"

crashLoader<LoaderSettings>(sinkOf, ({ pipeline, settings, path, signal }) => {
  const { way, files, delivery = "" } = settings
  if (way === "scd2 files") return pipeline.run({ source: file(path, ...files), signal })
  if (way === "replay") return pipeline.replay(delivery, file(...files), { parser: csv({ delimiter: ",", header: 1 }), signal })
  return pipeline.run({ signal, reload: way === "reload" })
})
