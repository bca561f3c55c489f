import { mkdtemp, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { build } from "esbuild"
import { expect, inject, test } from "vitest"
import { leaveOut } from "../../tools/leave-out.ts"

test("what a function leaves out is not in its bundle, and importing it fails with a sentence", async () => {
  const folder = await mkdtemp(join(inject("compiledFolder"), "leave-out-"))
  await writeFile(join(folder, "kept.js"), `export const kept = "the kept module"`)
  await writeFile(join(folder, "other.js"), `export const other = "the other module"`)
  await writeFile(
    join(folder, "entry.js"),
    `export const kept = () => import("./kept.js"); export const other = () => import("./other.js"); export const pg = () => import("pg")`,
  )
  const { outputFiles } = await build({
    entryPoints: [join(folder, "entry.js")],
    bundle: true,
    format: "esm",
    outfile: join(folder, "bundle.mjs"),
    plugins: [leaveOut("parser", { steps: [], without: ["other.js", "pg"], loads: [] }, folder)],
    write: false,
  })
  const text = outputFiles[0]?.text ?? ""
  await writeFile(join(folder, "bundle.mjs"), text)
  expect(text).not.toContain("the other module")
  const { kept, other, pg } = await import(join(folder, "bundle.mjs"))
  expect(await kept()).toMatchObject({ kept: "the kept module" })
  await expect(other()).rejects.toThrow("The function parser was built without other.js, which only other functions need.")
  await expect(pg()).rejects.toThrow("The function parser was built without pg, which only other functions need.")
})
