/** Words and signs that people and programs write for "no value". Their case does not matter. */
const words = [
  ...[
    "n/a",
    "na",
    "n.a.",
    "#n/a",
    "#na",
    "null",
    "nil",
    "none",
    "nan",
    "-nan",
    "NaN",
    "-NaN",
    "undefined",
    "(null)",
    "<null>",
    "[null]",
    "<na>",
    "\\n",
  ],
  ...[
    "(blank)",
    "(empty)",
    "(none)",
    "blank",
    "empty",
    "missing",
    "unknown",
    "unspecified",
    "not available",
    "not applicable",
    "tbd",
    "tba",
  ],
  ...[
    "k.a.",
    "k.A.",
    "k. a.",
    "k. A.",
    "keine angabe",
    "unbekannt",
    "s/d",
    "s.d.",
    "n/d",
    "n.d.",
    "nd",
    "n/c",
    "n.v.t.",
    "nvt",
    "sin dato",
    "inconnu",
  ],
]

/** Signs, as they are. */
const signs = ["-", "--", "---", "\u2013", "\u2014", "\u2212", ".", "..", "...", "\u2026", "?", "??", "*", "/"]

/** The errors of a spreadsheet. */
export const errorWords: readonly string[] = [
  "#N/A",
  "#DIV/0!",
  "#REF!",
  "#VALUE!",
  "#NAME?",
  "#NUM!",
  "#NULL!",
  "#SPILL!",
  "#CALC!",
  "#GETTING_DATA",
  "#FIELD!",
]

/** Dates that databases write for no date. */
const zeroDates = ["0000-00-00", "0000-00-00 00:00:00", "0000-00-00T00:00:00", "00/00/0000", "00.00.0000"]

/** The texts that stand for no value in a column of any kind but text, in each usual case. */
export const nullWords: readonly string[] = [
  ...new Set([
    ...words.flatMap((word) => [word, word.toUpperCase(), word.charAt(0).toUpperCase() + word.slice(1)]),
    ...signs,
    ...errorWords,
  ]),
  ...zeroDates,
]
