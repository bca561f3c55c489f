import type { Arguments } from "./arguments.ts"
import { usageError } from "./usage-error.ts"

/** `--sheet`: digits alone are a position counted from 1. */
export function sheetOption(args: Arguments): string | number | undefined {
  const sheet = args.text("sheet")
  return sheet !== undefined && /^[1-9]\d*$/.test(sheet) ? Number(sheet) : sheet
}

/** `--header`: a row counted from 1; false for `none`. */
export function headerOption(args: Arguments, command: string): number | false | undefined {
  const header = args.text("header")
  if (header === undefined) return undefined
  if (header === "none") return false
  if (!/^[1-9]\d*$/.test(header)) throw usageError(`--header is "${header}", neither a row counted from 1 nor none.`, command)
  return Number(header)
}
