import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { build } from "esbuild"
import { expect, inject, test } from "vitest"
import { mergeChunks } from "../../tools/merge-chunks.ts"

/** Two faces, a lazy module, and a module of each combination of them. Two of them export the same name. */
const sources: { readonly [name: string]: string } = {
  one: `import { a } from "both"; import { b } from "shared"; export { a, b }; export const later = () => import("lazy")`,
  two: `import { a } from "both"; import { c } from "part"; export { a, c }`,
  lazy: `import { b } from "shared"; import { c } from "part"; import { d } from "rare"; export const all = [b, c, d]`,
  rare: `export const d = {}`,
  both: `import { b } from "shared"; export const a = { name: "a", b }`,
  shared: `export const b = { name: "b" }`,
  part: `const b = { name: "c" }; export { b as c }`,
}

async function split(): Promise<string> {
  const folder = join(inject("compiledFolder"), `merge-${Math.random().toString(36).slice(2)}`)
  await build({
    entryPoints: ["one", "two"],
    bundle: true,
    splitting: true,
    format: "esm",
    outdir: folder,

    plugins: [
      {
        name: "sources",
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /./ }, ({ path }) => ({ path, namespace: "sources" }))
          onLoad({ filter: /./ }, ({ path }) => ({ contents: sources[path] ?? "" }))
        },
      },
    ],
  })
  return folder
}

test("the chunks that a face loads become one file for each set of faces, and what is lazy stays lazy", async () => {
  const folder = await split()
  const before = await readdir(folder)
  expect(before.filter((name) => name.startsWith("chunk-")).length).toBeGreaterThan(2)
  await mergeChunks(folder, ["one.js", "two.js"])
  const after = (await readdir(folder)).sort()
  expect(after.filter((name) => !name.startsWith("lazy-"))).toEqual(["core-1.js", "core-2.js", "one.js", "two.js"])
  expect(after.filter((name) => name.startsWith("lazy-"))).toHaveLength(1)
})

test("if faces are loaded in turn, each has one file with the chunks that no earlier one loads", async () => {
  const folder = await split()
  const [lazy = ""] = (await readdir(folder)).filter((name) => name.startsWith("lazy-"))
  await mergeChunks(folder, ["two.js", "one.js", lazy], {}, { inTurn: true })
  const after = (await readdir(folder)).sort()
  expect(after).toEqual(["core-1.js", lazy, "one.js", "two.js"].sort())
  const [one, two] = await Promise.all(["one.js", "two.js"].map((name) => import(join(folder, name))))
  expect((await one.later()).all).toMatchObject([one.a.b, two.c, {}])
})

test("the chunks that only later files load are merged, too", async () => {
  const folder = await split()
  const [lazy = ""] = (await readdir(folder)).filter((name) => name.startsWith("lazy-"))
  await mergeChunks(folder, ["two.js"], {}, { later: ["one.js", lazy] })
  expect((await readdir(folder)).filter((name) => name.startsWith("chunk-"))).toEqual([])
  const [one, two] = await Promise.all(["one.js", "two.js"].map((name) => import(join(folder, name))))
  expect((await one.later()).all).toMatchObject([one.a.b, two.c, {}])
})

test("merged modules are still one object for everyone who imports them", async () => {
  const folder = await split()
  await mergeChunks(folder, ["one.js", "two.js"])
  const [one, two] = await Promise.all(["one.js", "two.js"].map((name) => import(join(folder, name))))
  const { all } = await one.later()
  expect(one.a).toBe(two.a)
  expect(one.a).toEqual({ name: "a", b: { name: "b" } })
  expect(all[0]).toBe(one.b)
  expect(all[1]).toBe(two.c)
  expect(two.c).toEqual({ name: "c" })
})
