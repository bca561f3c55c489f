import { open } from "yauzl"
import { measured } from "./measured.ts"

/** The least that any xlsx reader must do: inflate every part that has cells. */
await measured(
  ({ file }: { readonly file: string }) =>
    new Promise<{ bytes: number }>((resolve, reject) => {
      let bytes = 0
      open(file, { lazyEntries: true }, (error, zip) => {
        if (error !== null) return reject(error)
        zip.on("error", reject)
        zip.on("end", () => resolve({ bytes }))
        zip.on("entry", (entry) => {
          if (!/worksheets\/|sharedStrings|styles|workbook/.test(entry.fileName)) return zip.readEntry()
          zip.openReadStream(entry, (failed, stream) => {
            if (failed !== null) return reject(failed)
            stream.on("data", (chunk: Buffer) => {
              bytes += chunk.length
            })
            stream.on("error", reject)
            stream.on("end", () => zip.readEntry())
          })
        })
        zip.readEntry()
      })
    }),
)
