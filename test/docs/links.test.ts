import { existsSync, readdirSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"

const root = fileURLToPath(new URL("../..", import.meta.url))
const pages = [
  ...readdirSync(root).filter((name) => name.endsWith(".md")),
  ...["docs", "examples"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".md") && !name.startsWith("api") && !name.includes("node_modules/"))
      .map((name) => `${folder}/${name}`),
  ),
]

test.each(pages)("every link on %s has a target", (page) => {
  const text = readFileSync(join(root, page), "utf8").replace(/^```[\s\S]*?^```/gm, "")
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target).filter((target) => !/^[a-z]+:/.test(target))
  expect(targets.filter((target) => !leads(page, target))).toEqual([])
})

test("every page of docs/ is listed in the README", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8")
  const guides = readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md"))
  expect(guides.filter((name) => !readme.includes(`(docs/${name})`))).toEqual([])
})

test("every decision is listed in the list of decisions", () => {
  const list = readFileSync(join(root, "docs/decisions/README.md"), "utf8")
  const decisions = readdirSync(join(root, "docs/decisions")).filter((name) => /^\d/.test(name))
  expect([...list.matchAll(/^- \[.*\]\((.*)\)$/gm)].map(([, name]) => name)).toEqual(decisions.sort())
})

function leads(page: string, target: string): boolean {
  const [path = "", heading] = target.split("#")
  const file = path === "" ? join(root, page) : join(root, dirname(page), path)
  if (!existsSync(file)) return false
  return heading === undefined || headings(readFileSync(file, "utf8")).includes(heading)
}

/** The anchors that GitHub makes of headings. */
function headings(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replaceAll(" ", "-"),
  )
}
