import { existsSync } from "node:fs"
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { type Browser, chromium, type Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { StoredRun } from "../../../src/postgres.ts"
import { ledgerPage, profilePage, reportPage } from "../../../src/report.ts"
import { madeReport } from "./made-report.ts"

const executablePath = "/usr/bin/chromium"
const isMissing = !existsSync(executablePath)
if (isMissing) console.log(`The pages are not opened in a browser: there is no ${executablePath}. Install Debian's package chromium.`)

const hostile = `</script><script>document.title="ran"</script><img src=x onerror="document.title='ran'">{{7*7}}\u202e=1+1' onfocus='x`

let browser: Browser
let folder: string
let axe: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rowgate-page-"))
  axe = await readFile(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8")
  if (!isMissing) browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] })
})
afterAll(async () => {
  await browser?.close()
  await rm(folder, { recursive: true })
})

/** A page that was opened from disk, and what it complained about or asked for. */
interface Opened extends AsyncDisposable {
  readonly page: Page
  readonly complaints: readonly string[]
}

async function open(code: string, look: { readonly colorScheme?: "light" | "dark"; readonly width?: number } = {}): Promise<Opened> {
  const { colorScheme = "light", width = 1280 } = look
  const path = join(folder, `${crypto.randomUUID()}.html`)
  await writeFile(path, code)
  const page = await browser.newPage({ colorScheme, viewport: { width, height: 900 } })
  const complaints: string[] = []
  page.on("console", (message) => complaints.push(`console: ${message.text()}`))
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`))
  page.on("dialog", (dialog) => complaints.push(`dialog: ${dialog.message()}`))
  const address = pathToFileURL(path).href
  page.on("request", (request) => {
    if (request.url() !== address) complaints.push(`request: ${request.url()}`)
  })
  await page.goto(address)
  return { page, complaints, [Symbol.asyncDispose]: () => page.close() }
}

function madePage(text: string, files = 1): string {
  const { report, ...options } = madeReport({ columns: 10, rows: 5000, rejects: 30, text, files })
  return reportPage(report, { ...options, createdAt: new Date("2026-01-31T12:00:00Z") })
}

const { profiles } = madeReport({ columns: 14, rows: 900, rejects: 6, text: "plain" })
const suspects = Array.from({ length: 12 }, (_, at) => ({
  uri: profiles[0]?.uri ?? "",
  table: "plain",
  row: at + 2,
  column: "plain 0!",
  value: hostile,
  suspicion: 0.9,
  reasons: [{ reason: "typo", message: hostile, suspicion: 0.9 }],
  expected: "right",
}))
const runs = Array.from({ length: 12 }, (_, at): StoredRun => {
  const counts = { read: 10, loaded: 8, rejected: 2, filtered: 0, superseded: 0, skipped: 0, withheld: 0 }
  const times = { startedAt: new Date(Date.UTC(2026, 0, 31 - at)), finishedAt: new Date(Date.UTC(2026, 0, 31 - at)) }
  return {
    ...counts,
    ...times,
    id: `0b6a62d5-e9e6-4a9f-af22-fbe6e2fbfa${String(at).padStart(2, "0")}`,
    invocation: "6f1f7a52-3b7e-4a4c-9a57-1f7a523b7e4a",
    pipeline: `orders ${hostile}`,
    target: "public.orders",
    mode: "append",
    status: at === 3 ? "failed" : "committed",
    ...(at === 3 ? { reason: hostile } : {}),
    uri: `file:///data/${hostile}.csv`,
    deleted: 0,
    corrected: 0,
    score: 90 + at / 2,
  }
})

const pages: readonly (readonly [name: string, code: string])[] = [
  ["a report", madePage("plain")],
  ["a report of three files", madePage("plain", 3)],
  ["a report of hostile texts", madePage(hostile)],
  ["a profile", profilePage(profiles, { suspects: suspects as never })],
  ["a ledger", ledgerPage(runs, { pages: Object.fromEntries(runs.map(({ id }) => [id, `${id}.html`])) })],
]

describe.skipIf(isMissing)("in a browser", () => {
  test.each(pages)("%s opens from disk without a request, an error or a word in the console", async (_, code) => {
    await using opened = await open(code)
    await opened.page.waitForTimeout(200)
    expect(opened.complaints).toEqual([])
    expect(await opened.page.title()).not.toBe("ran")
    expect(await opened.page.locator("img, iframe, form, link, object").count()).toBe(0)
  })

  describe.each(["light", "dark"] as const)("in %s", (colorScheme) => {
    test.each(pages)("axe finds no fault in %s", async (_, code) => {
      // Contrast and names are the same at every width, and axe takes seconds for a page.
      for (const width of colorScheme === "dark" ? [390] : [1280]) {
        await using opened = await open(code, { colorScheme, width })
        // The policy keeps the page from running axe as a script of its own, but not the protocol of the browser.
        await opened.page.evaluate(axe)
        const faults = await opened.page.evaluate(async () => {
          const { violations } = await (
            globalThis as unknown as { axe: { run(): Promise<{ violations: readonly Violation[] }> } }
          ).axe.run()
          return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)} ${nodes[0]?.failureSummary ?? ""}`)
        })
        expect(faults).toEqual([])
      }
    })
  })

  test.each(pages)("%s fits a phone: nothing scrolls sideways but tables and the list of sections", async (_, code) => {
    await using opened = await open(code, { width: 390 })
    expect(await opened.page.evaluate("document.documentElement.scrollWidth")).toBe(390)
  })

  test("the search shows the rows that have all words, and says how many", async () => {
    await using opened = await open(madePage("plain"))
    const { page } = opened
    const box = page.getByLabel("Search rejected rows")
    const rows = page.locator("#d1-rejects-list > tr:visible")
    const all = await rows.count()
    expect(all).toBeGreaterThan(20)
    const texts = await rows.allTextContents()
    const found = texts.filter((text) => text.includes("line") && text.includes("17")).length
    expect(found).toBeLessThan(all)
    await box.fill("LINE  17")
    await expect.poll(() => rows.count()).toBe(found)
    expect(await page.locator("#d1-rejects-list-n").textContent()).toBe(`${found} of ${all} match`)
    await box.press("Escape")
    await expect.poll(() => rows.count()).toBe(all)
    expect(opened.complaints).toEqual([])
  })

  test("the keyboard reaches the content, the search and each row", async () => {
    await using opened = await open(madePage("plain"))
    const { page } = opened
    await page.keyboard.press("Tab")
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to the content")
    await page.keyboard.press("/")
    expect(await page.evaluate("document.activeElement.tagName")).toBe("INPUT")
    await page.locator("#d1-reject-3 a").focus()
    await page.keyboard.press("Enter")
    expect(await page.evaluate("document.querySelector(':target').id")).toBe("d1-reject-3")
  })

  test("hostile texts are shown as texts", async () => {
    await using opened = await open(madePage(hostile))
    const text = (await opened.page.locator("main").textContent()) ?? ""
    expect(text).toContain(`<img src=x onerror="document.title='ran'">{{7*7}}\\u202e=1+1' onfocus='x`)
    expect(text).not.toContain("\u202e")
    expect(await opened.page.locator("script").count()).toBe(1)
  })

  test("a script or a style that got into a page by force does nothing", async () => {
    const forced = madePage("plain").replace(
      "<main",
      `<script>document.title="ran"</script><style>main{display:none}</style><b onclick="1" style="color:red">x</b><main`,
    )
    await using opened = await open(forced)
    expect(await opened.page.title()).not.toBe("ran")
    expect(await opened.page.locator("main").isVisible()).toBe(true)
    expect(opened.complaints.length).toBeGreaterThanOrEqual(3)
  })

  test("on paper, all is open and nothing is cut off", async () => {
    await using opened = await open(madePage("plain"))
    const { page } = opened
    await page.emulateMedia({ media: "print" })
    await page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(await page.locator("details:not([open])").count()).toBe(0)
    expect(await page.locator("nav").isVisible()).toBe(false)
    expect(await page.locator("input:visible").count()).toBe(0)
    const scrolling = "[...document.querySelectorAll('.scroll')].filter((each) => each.scrollHeight > each.clientHeight + 2).length"
    expect(await page.evaluate(scrolling)).toBe(0)
    expect((await page.pdf()).length).toBeGreaterThan(10_000)
  })
})

interface Violation {
  readonly id: string
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
}
