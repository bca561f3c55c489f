import fc from "fast-check"
import { expect, test } from "vitest"
import { html } from "../../../src/report/page/html.ts"
import { valueHtml } from "../../../src/report/page/value-text.ts"

const anyText = fc.string({ unit: "binary" })
const plainText = fc.string({ unit: fc.constantFrom("<", ">", '"', "'", "&", "`", "=", "a", " ", ";", "/") })

test("no value ends an element, an attribute or a comment", () => {
  fc.assert(
    fc.property(fc.oneof(anyText, plainText), (value) => {
      expect(String(html`<p title="${value}">${value}</p>`)).toMatch(/^<p title="[^"<>]*">[^<>]*<\/p>$/)
    }),
  )
})

test("a browser shows visible characters as they are", () => {
  fc.assert(
    fc.property(plainText, (value) => {
      expect(decoded(String(html`${value}`))).toBe(value)
    }),
  )
})

test("unseen characters are spelled out", () => {
  expect(String(html`${"a\u202eb\u0000\u200bc\n\u{e0041}"}`)).toBe("a\\u202eb\\x00\\u200bc\\n\\u{e0041}")
})

test("a value holds only marks besides its text", () => {
  fc.assert(
    fc.property(fc.oneof(anyText, plainText), (value) => {
      const code = String(valueHtml(value))
      const rest = code.replaceAll('<b class="mark">', "").replaceAll("</b>", "").replaceAll('<i class="none">empty text</i>', "")
      expect(rest).not.toMatch(/[<>"]/)
    }),
  )
})

test("nothing that a spreadsheet would run begins a value", () => {
  for (const formula of ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "\t=1", " =1", "-2+3"]) {
    expect(String(valueHtml(formula))).toMatch(/^<b class="mark">&#39;<\/b>/)
  }
  for (const plain of ["-3", "+49", "a=1", "12,50"]) expect(String(valueHtml(plain))).toBe(plain)
})

test("a null, an empty text and spaces at the ends can be told apart", () => {
  expect(String(valueHtml(null))).toBe('<i class="none">empty</i>')
  expect(String(valueHtml(""))).toBe('<i class="none">empty text</i>')
  expect(String(valueHtml(" a b "))).toBe('<b class="mark">\u00b7</b>a b<b class="mark">\u00b7</b>')
})

test("dates and the values of workbooks are shown as text", () => {
  expect(String(valueHtml(new Date("2025-06-30T00:00:00Z")))).toBe("2025-06-30")
  expect(String(valueHtml(new Date("2025-06-30T08:15:00Z")))).toBe("2025-06-30T08:15:00.000Z")
  expect(String(valueHtml(new Date(Number.NaN)))).toBe("invalid date")
  expect(String(valueHtml({ a: "<b>" }))).toBe("{&quot;a&quot;:&quot;&lt;b&gt;&quot;}")
})

function decoded(code: string): string {
  const named: { readonly [entity: string]: string } = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", "#96": "`" }
  return code.replace(/&(\w+|#\d+);/g, (entity, name: string) => named[name] ?? entity)
}
