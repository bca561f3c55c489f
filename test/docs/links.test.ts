import { existsSync, readdirSync, readFileSync } from "node:fs"
import { dirname, join, matchesGlob } from "node:path"
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
  const targets = targetsOf(page).filter((target) => !/^[a-z]+:/.test(target))
  expect(targets.filter((target) => !leads(page, target))).toEqual([])
})

test("docs/README.md lists every guide", () => {
  const map = readFileSync(join(root, "docs/README.md"), "utf8")
  const guides = ["", "tasks/", "coming-from/"].flatMap((folder) =>
    readdirSync(join(root, "docs", folder))
      .filter((name) => name.endsWith(".md"))
      .map((name) => `${folder}${name}`),
  )
  expect(guides.length).toBeGreaterThan(30)
  expect(guides.filter((name) => name !== "README.md" && !map.includes(`(${name})`))).toEqual([])
})

test("README.md links only to files of the package, and by complete addresses to the repository", () => {
  const { files, homepage } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
  const shipped = [...files, "README.md", "LICENSE"].filter((pattern: string) => !pattern.startsWith("!"))
  const [repository] = homepage.split("#")
  const targets = targetsOf("README.md")
  expect(targets.length).toBeGreaterThan(10)
  for (const target of targets) {
    const [path = ""] = target.split("#")
    const inRepository = [`${repository}/blob/main/`, `${repository}/tree/main/`].find((start) => path.startsWith(start))
    if (inRepository !== undefined) expect(existsSync(join(root, path.slice(inRepository.length))), target).toBe(true)
    else if (!/^[a-z]+:/.test(path))
      expect(
        shipped.some((pattern) => path === "" || matchesGlob(path, pattern)),
        target,
      ).toBe(true)
  }
})

test("every decision is listed in the list of decisions", () => {
  const list = readFileSync(join(root, "docs/decisions/README.md"), "utf8")
  const decisions = readdirSync(join(root, "docs/decisions")).filter((name) => /^\d/.test(name))
  expect([...list.matchAll(/^- \[.*\]\((.*)\)$/gm)].map(([, name]) => name)).toEqual(decisions.sort())
})

function targetsOf(page: string): readonly string[] {
  const text = readFileSync(join(root, page), "utf8").replace(/^```[\s\S]*?^```/gm, "")
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target)
}

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
