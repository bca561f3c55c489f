import type { GuideFacts } from "./zod-facts.ts"

/** What people call a format, and a text that has it. */
const formats: { readonly [format: string]: readonly [words: string, example: string] } = {
  email: ["an e-mail address", "name@example.com"],
  url: ["a web address", "https://example.com/page"],
  uri: ["a web address", "https://example.com/page"],
  uuid: ["a UUID", "123e4567-e89b-42d3-a456-426614174000"],
  guid: ["a UUID", "123e4567-e89b-42d3-a456-426614174000"],
  date: ["a date as year-month-day", "2026-03-31"],
  time: ["a time of day", "14:30:00"],
  datetime: ["a date and time in UTC", "2026-03-31T14:30:00Z"],
  "date-time": ["a date and time in UTC", "2026-03-31T14:30:00Z"],
  duration: ["a duration of ISO 8601", "PT1H30M"],
  e164: ["a phone number with its country code", "+4930123456"],
  ipv4: ["an IPv4 address", "192.0.2.1"],
  ipv6: ["an IPv6 address", "2001:db8::1"],
  lowercase: ["in lower case", "abc"],
  uppercase: ["in capital letters", "ABC"],
}

/** The rule of a text format, in words if people have any for it. */
export function formatFacts(format: string | undefined, pattern: string | undefined): GuideFacts {
  const known = formats[format ?? ""]
  if (known !== undefined) return { notes: [`It must be ${known[0]}.`], example: known[1] }
  if (pattern !== undefined) return { notes: [`It must have the form ${pattern} (a regular expression).`] }
  return format === undefined ? {} : { notes: [`It must have the format ${format}.`] }
}
