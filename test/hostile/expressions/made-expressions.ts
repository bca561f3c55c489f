import { compileDateFormat } from "../../../src/cells/date-format.ts"

const quotes = ['"', "'", "`"]
const digits = "\\d{1,3}(?:[.,'’ \\u00a0\\u202f]\\d{3})+(?:[.,]\\d+)?|\\d+(?:[.,]\\d*)?|[.,]\\d+"

/**
 * Expressions that are made at run time: all that an argument of `new RegExp` makes of what files and callers give, or the reason why it is none
 * of a file's concern. A new one fails the test until it is listed.
 */
export const madeExpressions: { readonly [place: string]: readonly RegExp[] | string } = {
  "parsers/header/apparent-kind.ts `^\\\\(?[-+]?\\\\s?(?:[$€£¥]\\\\s?)?(?:${digits})(?:e[-+]?\\\\d{1,3})?\\\\s?[%$€£¥]?\\\\)?$`": [
    new RegExp(`^\\(?[-+]?\\s?(?:[$€£¥]\\s?)?(?:${digits})(?:e[-+]?\\d{1,3})?\\s?[%$€£¥]?\\)?$`, "i"),
  ],
  "cells/date-format.ts `^${source}$`": "a text that is longer than its pattern by 64 characters is not looked at; see the test of it",
  "parsers/csv/dialect/detect-dialect.ts `(?:^|[^\\\\w\\\\s${quote}]\\\\s*|\\\\s)${quote}`": quotes.map(
    (quote) => new RegExp(`(?:^|[^\\w\\s${quote}]\\s*|\\s)${quote}`, "m"),
  ),
  "parsers/csv/dialect/detect-dialect.ts `${quote}(?:$|\\\\s*[^\\\\w\\\\s${quote}]|\\\\s)`": quotes.map(
    (quote) => new RegExp(`${quote}(?:$|\\s*[^\\w\\s${quote}]|\\s)`, "m"),
  ),
  "postgres/sql/quoted-names.ts `^(?:${part}\\\\.)?${part}$`": "the name of a table on the command line",
  "postgres/connection/sink-error.ts notAboutRows": "a list of SQLSTATE codes; what it sees are codes of five characters",
  "validate/kernels/pattern-test.ts pattern.source": "a pattern of the caller's schema, which SECURITY.md leaves to the caller",
}

/** A date pattern whose runs of white space a text may fill in many ways. */
export const looseDate = compileDateFormat("d ' ' M ' ' ' ' yyyy ' ' H:mm")
