import type { Arguments } from "./arguments.ts"
import { usageError } from "./usage-error.ts"

/** `--header`: a row counted from 1; false for `--no-header`. */
export function headerOption(args: Arguments, command: string): number | false | undefined {
  const header = args.text("header")
  const isMissing = args.flag("no-header")
  if (isMissing && header !== undefined) throw usageError("Use either --header or --no-header.", command)
  if (header === undefined) return isMissing ? false : undefined
  if (!/^[1-9]\d*$/.test(header)) throw usageError(`--header is "${header}", which is not a row counted from 1.`, command)
  return Number(header)
}

/** A time in ISO 8601. */
export function instantOption(args: Arguments, name: string, command: string): Date | undefined {
  const text = args.text(name)
  if (text === undefined) return undefined
  const date = new Date(text)
  if (Number.isNaN(date.getTime()) || !/^\d{4}-\d{2}-\d{2}/.test(text))
    throw usageError(`--${name} is "${text}", which is not a time such as 2026-01-31T12:00:00Z.`, command)
  return date
}

/** A whole number from 1. */
export function countOption(args: Arguments, name: string, command: string): number | undefined {
  const text = args.text(name)
  if (text === undefined) return undefined
  if (!/^[1-9]\d{0,8}$/.test(text)) throw usageError(`--${name} is "${text}", which is not a whole number from 1.`, command)
  return Number(text)
}
