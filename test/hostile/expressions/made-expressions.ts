import { compileDateFormat } from "../../../src/cells/date-format.ts"

const quotes = ['"', "'", "`"]
const digits = "\\d{1,3}(?:[.,'’ \\u00a0\\u202f\\u2009]\\d{3})+(?:[.,]\\d+)?|\\d+(?:[.,]\\d*)?|[.,]\\d+"

/**
 * Expressions that are built at run time: all that an argument of `new RegExp` produces from the content of files and options, or the reason why
 * no file's content reaches it. A new one fails the test until it is listed.
 */
export const madeExpressions: { readonly [place: string]: readonly RegExp[] | string } = {
  "parsers/header/apparent-kind.ts `^\\\\(?[-+]?\\\\s?(?:[$€£¥]\\\\s?)?(?:${digits})(?:e[-+]?\\\\d{1,3})?\\\\s?[%$€£¥]?\\\\)?$`": [
    new RegExp(`^\\(?[-+]?\\s?(?:[$€£¥]\\s?)?(?:${digits})(?:e[-+]?\\d{1,3})?\\s?[%$€£¥]?\\)?$`, "i"),
  ],
  "cells/date-format.ts `^${source}$`": "a text that is more than 64 characters longer than its pattern is not tried; see its test",
  "parsers/csv/dialect/detect-dialect.ts `(?:^|[^\\\\w\\\\s${quote}]\\\\s*|\\\\s)${quote}`": quotes.map(
    (quote) => new RegExp(`(?:^|[^\\w\\s${quote}]\\s*|\\s)${quote}`, "m"),
  ),
  "parsers/csv/dialect/detect-dialect.ts `${quote}(?:$|\\\\s*[^\\\\w\\\\s${quote}]|\\\\s)`": quotes.map(
    (quote) => new RegExp(`${quote}(?:$|\\s*[^\\w\\s${quote}]|\\s)`, "m"),
  ),
  "postgres/sql/quoted-names.ts `^(?:${part}\\\\.)?${part}$`": "the name of a table on the command line",
  "postgres/connection/sink-error.ts notAboutRows": "a list of SQLSTATE codes; what it sees are codes of five characters",
  "validate/patterns/is-endless.ts `^${source}$`": "one character of a pattern of the caller's schema; what it sees are single characters",
  "validate/kernels/pattern-test.ts pattern.source":
    "a pattern of the caller's schema, which is the caller's responsibility according to SECURITY.md",
}

/** A date pattern in which many splits of a run of white space would match. */
export const looseDate = compileDateFormat("d ' ' M ' ' ' ' yyyy ' ' H:mm")
