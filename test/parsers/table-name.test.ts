import { expect, test } from "vitest"
import { tableName } from "../../src/parsers/table-name.ts"

test.each([
  ["file:///orders/Z%C3%BCrich%20%231.csv", "Z\u00fcrich #1.csv"],
  ["file:///orders/50%.csv", "50%.csv"],
  ["s3://landing/orders/50%25.csv", "50%25.csv"],
  ["C:\\orders\\may.csv", "may.csv"],
  ["s3://landing/orders/", "orders"],
  ["/", "/"],
])("%s is the table %s", (uri, name) => {
  expect(tableName(uri)).toBe(name)
})
