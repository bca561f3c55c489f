import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import type { Grant, Permissions } from "../deploy/granted-permissions.ts"
import { checklist } from "../deploy/security/checklist.ts"
import { checklistLines, grantLines } from "../deploy/security/checklist-page.ts"
import { unlimitedServices } from "../deploy/security/unlimited-services.ts"

const root = new URL("../../", import.meta.url)
const { functions, ...others }: Permissions = JSON.parse(readFileSync(new URL("examples/lambda/permissions.json", root), "utf8"))
const grants = Object.entries({ ...functions, ...others }).flatMap(([role, all]: [string, readonly Grant[]]) =>
  all.map(({ reason = "", ...grant }) => ({ ...grant, reason, role })),
)
const items = readFileSync(new URL("docs/security-checklist.md", root), "utf8")
  .split("\n")
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .filter((cells) => cells.length === 7 && !/^(Item|-+)$/.test(cells[1] ?? ""))
  .map(([, name = "", terraform = "", cdk = "", sam = "", proof = ""]) => ({ name, terraform, cdk, sam, proof }))

test("each line of the security checklist links to a test with its name", () => {
  expect(items.length).toBeGreaterThan(checklist.length)
  for (const { name, proof } of items) {
    const [, file = ""] = /^\[[^\]]+\]\(\.\.\/([^)]+\.test\.ts)\)$/.exec(proof) ?? []
    const isListed = checklist.some((item) => item.name === name)
    if (file === "test/deploy/security.long.test.ts") expect(isListed, name).toBe(true)
    else {
      const tests = readFileSync(new URL(file, root), "utf8")
      const isTested = [`test("${name}"`, `describe("${name}"`].some((start) => tests.includes(start))
      expect(isTested, name).toBe(true)
    }
  }
})

test("the security checklist names every item that the tests check, once", () => {
  const named = items.map(({ name }) => name).filter((name) => checklist.some((item) => item.name === name))
  expect(named.toSorted()).toEqual(checklist.map(({ name }) => name).toSorted())
})

test("each line of the security checklist links to the files that provide the item, and leaves what SAM lacks to the reader", () => {
  for (const { name, terraform, cdk, sam } of items) {
    const item = checklist.find((each) => each.name === name)
    if (item === undefined) continue
    expect(terraform, name).toMatch(/\]\(\.\.\/examples\/lambda\/terraform\//)
    expect(cdk, name).toMatch(/\]\(\.\.\/examples\/lambda\/cdk\//)
    expect(sam.includes("](../examples/lambda/sam/template.yaml)"), name).toBe(item.inSam)
    expect(sam === "yours", name).toBe(!item.inSam)
  }
})

test("the security checklist lists each statement that applies to all resources, with its reason", () => {
  const all = grants.filter(({ resources }) => resources.includes("*"))
  expect(all.length).toBeGreaterThan(0)
  expect(checklistLines("Statements that apply to all resources")).toEqual(grantLines(all))
})

test("the security checklist lists each service that a policy admits without a condition, with its reason", () => {
  const lines = unlimitedServices.map(({ policy, service, reason }) => `| ${policy} | \`${service}\` | ${reason} |`)
  expect(checklistLines("Services that are admitted without a condition")).toEqual(lines)
})
