import { expect, test } from "vitest"
import { url } from "../../src/normalize/url.ts"
import { stageContext } from "../run-stage.ts"

const read = (text: string, options = {}) => url(options).parse(text, stageContext())

test.each([
  ["https://example.com", "https://example.com/"],
  [" HTTPS://Example.COM:443/a b?q=ü#x ", "https://example.com/a%20b?q=%C3%BC#x"],
  ["http://münchen.example/", "http://xn--mnchen-3ya.example/"],
  ["http://127.0.0.1:8080/a/../b", "http://127.0.0.1:8080/b"],
])("%j is read as %s", (given, address) => {
  expect(read(given)).toBe(address)
})

test.each(["example.com/a", "www.example.co.uk", "münchen.de:8080/x"])(
  "%s fails without a protocol, and the suggestion declares one",
  (given) => {
    expect(read(given)).toMatchObject({
      code: "url.unreadable",
      suggestion: 'Declare the protocol, as in cell.url({ defaultProtocol: "https" }).',
    })
    expect(read(given, { defaultProtocol: "https" })).toMatch(/^https:\/\//)
  },
)

test.each(["ann", "http://", "http://a b.example", "1.5", "C:\\data", "javascript:alert(1)", `https://example.com/${"x".repeat(70_000)}`])(
  "%s is not a web address, with a default protocol or without",
  (given) => {
    expect(read(given)).toMatchObject({ code: "url.unreadable" })
    expect(read(given, { defaultProtocol: "https" })).toMatchObject({ code: "url.unreadable" })
  },
)

test("an address of another protocol fails until the column declares it", () => {
  expect(read("ftp://example.com/a")).toMatchObject({
    code: "url.unreadable",
    suggestion: 'If the column may have this protocol, declare it, as in cell.url({ protocols: ["ftp"] }).',
  })
  expect(read("ftp://example.com/a", { protocols: ["ftp"] })).toBe("ftp://example.com/a")
  expect(read("https://example.com/a", { protocols: ["ftp"] })).toMatchObject({ code: "url.unreadable" })
})
