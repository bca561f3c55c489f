import type { OptionSpec } from "./command.ts"

/** The options that say how the cells of a workbook are read. */
export const workbookFlags = {
  merged: {
    value: "WHAT",
    values: ["first", "fill"],
    about: "workbooks: a merged area has its value in its first cell (first, default) or in every cell (fill)",
  },
  "hidden-rows": {
    value: "WHAT",
    values: ["read", "skip"],
    about: "workbooks: read rows that are hidden by hand or by a filter (default), or skip them",
  },
} as const satisfies { readonly [name: string]: OptionSpec }
