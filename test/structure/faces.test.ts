import { readFileSync } from "node:fs"
import ts from "typescript"
import { expect, test } from "vitest"
import { faces } from "../../tools/faces.ts"
import { sourceFiles } from "./source-files.ts"

const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"))
const faceFiles = [...sourceFiles()].filter(([path]) => !path.includes("/"))

test("each file directly in src is published, and nothing else", () => {
  expect(faces().sort()).toEqual(faceFiles.map(([path]) => `src/${path}`).sort())
})

test("each subpath is named after its file and lists types before code", () => {
  const { "./package.json": self, ...modules } = manifest.exports
  expect(self).toBe("./package.json")
  for (const [subpath, target] of Object.entries(modules)) {
    const name = subpath === "." ? "index" : subpath.slice(2)
    expect(JSON.stringify(target)).toBe(JSON.stringify({ types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` }))
  }
})

test("an entry point only exports names; the code is in folders", () => {
  const busy = faceFiles.filter(([path, text]) => {
    const { statements } = ts.createSourceFile(path, text, ts.ScriptTarget.Latest)
    const passesOn = (node: ts.Statement) =>
      ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined && node.exportClause !== undefined
    return path !== "bin.ts" && !statements.every(passesOn)
  })
  expect(busy.map(([path]) => path)).toEqual([])
})

test("the root has few values, so that you can survey them", async () => {
  const values = Object.keys(await import("../../src/index.ts"))
  expect(values.length).toBeLessThanOrEqual(26)
})

test("optional peers are also development dependencies, so that tests use the real ones", () => {
  const peers = Object.keys(manifest.peerDependencies)
  expect(Object.keys(manifest.peerDependenciesMeta).sort()).toEqual(peers.sort())
  expect(peers.filter((name) => manifest.devDependencies[name] === undefined)).toEqual([])
})
