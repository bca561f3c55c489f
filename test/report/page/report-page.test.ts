import { createHash } from "node:crypto"
import fc from "fast-check"
import { expect, test } from "vitest"
import { z } from "zod"
import { bytes, createPipeline, memory } from "../../../src/index.ts"
import type { Reject } from "../../../src/model/reject.ts"
import { profile } from "../../../src/profile.ts"
import { reportPage } from "../../../src/report.ts"
import { madeReport } from "./made-report.ts"

const csv = "id;mail;day\n1;a@example.com;2025-01-02\n2;broken;2025-01-03\n3;c@example.com;2025-01-04\n"
const Row = z.object({ id: z.number().int(), mail: z.email(), day: z.string() })

async function realRun() {
  const source = bytes(csv, { name: "orders.csv" })
  const rejects = memory<Reject>()
  const pipeline = createPipeline({ name: "orders", budget: { share: 1 } })
    .from(source)
    .validate(Row)
  const report = await pipeline.into(memory()).rejectsInto(rejects).run()
  return { report, rejects: rejects.rows, profiles: await profile(source) }
}

test("a page has these landmarks and headings", async () => {
  const { report, rejects, profiles } = await realRun()
  const page = reportPage(report, { rejects, profiles })
  expect([...page.matchAll(/<(header|nav|main|footer|h1|h2)[ >]/g)].map(([, tag]) => tag).join(" ")).toBe(
    "header h1 nav main h2 h2 h2 h2 h2 h2 footer",
  )
  expect([...page.matchAll(/<h[12][^>]*>([^<]*)</g)].map(([, text]) => text)).toEqual([
    "orders.csv",
    "What to fix first",
    "Columns",
    "Rejected rows",
    "Rules",
    "How it was read",
    "Facts",
  ])
})

test("a page says in one sentence what happened, and marks the faulty cell in its row", async () => {
  const { report, rejects, profiles } = await realRun()
  const page = reportPage(report, { rejects, profiles })
  expect(page).toContain("2 of 3 rows were loaded, 1 was set aside.")
  expect(page).toContain('<td class="fault"><span class="sr">faulty: </span>broken</td>')
  expect(page).toContain('<a href="#d1-reject-1">line 3</a>')
})

test("a report without rows, rejects or profiles makes a page", async () => {
  const report = await createPipeline({ name: "orders" })
    .from(bytes(csv, { name: "a.csv" }))
    .into(memory())
    .run()
  expect(reportPage(report)).toContain("All 3 rows were loaded.")
  const [delivery] = report.deliveries
  if (delivery === undefined) throw new Error("The run has no delivery.")
  const { columns: _, ...unread } = delivery
  const duplicate = { ...unread, outcome: "duplicate", plan: {}, notices: [], issues: {}, score: undefined } as const
  expect(reportPage({ ...report, deliveries: [duplicate] })).toContain("These bytes were loaded before, so nothing was changed.")
  expect(reportPage({ ...report, deliveries: [] })).toContain("0 deliveries")
})

test("a report that was saved as JSON makes the same page", async () => {
  const { report } = await realRun()
  expect(reportPage(JSON.parse(JSON.stringify(report)))).toBe(reportPage(report))
})

test("the policy allows nothing but the script and the style of the page", () => {
  const page = reportPage(madeReport({ columns: 3, rows: 10, rejects: 1, text: "plain" }).report)
  const hash = (tag: string) => {
    const [, code = ""] = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(page) ?? []
    return `&#39;sha256-${createHash("sha256").update(code).digest("base64")}&#39;`
  }
  const [, policy] = /Content-Security-Policy" content="([^"]*)"/.exec(page) ?? []
  expect(policy).toBe(
    `default-src &#39;none&#39;; script-src ${hash("script")}; style-src ${hash("style")}; base-uri &#39;none&#39;; form-action &#39;none&#39;`,
  )
})

/** The elements and attributes of pages. Nothing else may be in one, whatever is in the file. */
const known =
  /^<(?:!doctype html|\/?(?:html|head|meta|title|style|body|header|nav|main|footer|section|article|h1|h2|h3|p|a|b|i|br|span|div|ul|ol|li|dl|dt|dd|code|table|caption|thead|tbody|tr|th|td|figure|figcaption|svg|rect|path|text|polyline|details|summary|label|input|output|time|script)(?: (?:lang|charset|http-equiv|content|name|class|id|href|tabindex|title|role|scope|colspan|for|type|placeholder|autocomplete|spellcheck|datetime|hidden|viewBox|preserveAspectRatio|width|height|x|y|d|opacity|pathLength|stroke-dasharray|points|aria-[a-z]+)(?:="[^"<>]*")?)*\/?)>$/

test("no text of a file becomes an element or an attribute, wherever it stands", () => {
  const hostile = fc.oneof(
    fc.string({ unit: "binary", maxLength: 30 }),
    fc.constantFrom(
      "</script><script>alert(1)</script>",
      '"><img src=x onerror=alert(1)>',
      "' onmouseover='alert(1)",
      "<!--",
      "]]>",
      "{{7*7}}<%= 7*7 %>",
      "javascript:alert(1)",
      "</title><h1>",
      "</style><style>*{color:red}",
      "\u202e\u2066gpj.exe",
    ),
  )
  fc.assert(
    fc.property(hostile, fc.integer({ min: 1, max: 2 }), (text, files) => {
      const { report, ...options } = madeReport({ columns: 3, rows: 40, rejects: 3, text, files })
      const page = reportPage(report, options)
      const code = page.replace(/<style>[\s\S]*?<\/style>/, "<style></style>").replace(/<script>[\s\S]*?<\/script>/, "<script></script>")
      expect([...code.matchAll(/<[^>]*>?/g)].map(([tag]) => tag).filter((tag) => !known.test(tag))).toEqual([])
      expect(code.match(/<script/g)).toHaveLength(1)
      for (const [, target] of code.matchAll(/href="([^"]*)"/g)) expect(target).toMatch(/^#[\w-]+$/)
    }),
    { numRuns: 60 },
  )
})

test("every id is there once, and every reference has its target", () => {
  const { report, ...options } = madeReport({ columns: 30, rows: 900, rejects: 300, text: "plain", files: 3 })
  const page = reportPage(report, options)
  const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id = ""]) => id)
  expect(new Set(ids).size).toBe(ids.length)
  const targets = [...page.matchAll(/ (?:href="#|for="|aria-(?:controls|labelledby|describedby)=")([^"]*)"/g)].map(([, id = ""]) => id)
  expect(targets.length).toBeGreaterThan(20)
  expect(targets.filter((id) => !ids.includes(id))).toEqual([])
})

test.each([
  { name: "10 rows", run: { columns: 4, rows: 10, rejects: 2, text: "plain" } },
  { name: "1,000 columns and 10,000,000 rows", run: { columns: 1000, rows: 10_000_000, rejects: 2_000_000, text: "a longer name" } },
  { name: "300 files", run: { columns: 20, rows: 5000, rejects: 30, text: "plain", files: 300 } },
  { name: "very long texts", run: { columns: 40, rows: 5000, rejects: 600, text: "\u202e<".repeat(2_000) } },
])("a page of $name is smaller than 300 kB", ({ run }) => {
  const { report, ...options } = madeReport(run)
  const page = reportPage(report, options)
  expect(Buffer.byteLength(page)).toBeLessThan(300_000)
})

test("counts are exact, and the page says how many rejects it shows", () => {
  const { report, ...options } = madeReport({ columns: 20, rows: 10_000_000, rejects: 2_345_678, text: "plain" })
  const page = reportPage(report, options)
  const shown = [...page.matchAll(/<tr id="d1-reject-/g)].length
  expect(shown).toBeGreaterThan(20)
  expect(page).toContain(`The first ${shown} of 2,345,678 rows`)
  expect(page).toContain("7,654,322 of 10,000,000 rows were loaded, 2,345,678 were set aside.")
})

test("a redacted column shows no value", () => {
  const secret = "S3CRET-VALUE"
  const rows = `id;mail\n1;${secret}\n2;b@example.com\n`
  const source = bytes(rows, { name: "orders.csv" })
  return run()

  async function run() {
    const rejects = memory<Reject>()
    const pipeline = createPipeline({ name: "orders", budget: { share: 1 } })
      .from(source)
      .validate(z.object({ id: z.number(), mail: z.email() }))
    const report = await pipeline.into(memory()).rejectsInto(rejects).run({ explain: true })
    const options = { rejects: rejects.rows, profiles: await profile(source) }
    expect(reportPage(report, options)).toContain(secret)
    const page = reportPage(report, { ...options, redact: ["Mail"] })
    expect(page).not.toContain(secret)
    expect(page).not.toContain("b@example.com")
    expect(page).toContain("[redacted]")
    expect(page).toContain("The values of this column are hidden.")
  }
})
