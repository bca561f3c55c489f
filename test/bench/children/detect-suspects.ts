import { detect } from "rowgate/profile"
import { measured } from "./measured.ts"

await measured(async ({ file, rows }: { readonly file: string; readonly rows: number }) => {
  let suspects = 0
  for await (const _ of detect(file)) suspects++
  return { rows, suspects }
})
