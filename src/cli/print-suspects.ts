import type { SourceInput } from "../pipeline/build/source-of.ts"
import { type DetectOptions, detect, type SuspectCell } from "../pipeline/tables/detect.ts"
import type { Printer } from "./printer.ts"
import { visibleText } from "./visible-text.ts"

/** The width of a screen that fits everywhere. */
const screen = 100
/** The most characters of a value. */
const most = 30

/** Prints the cells of files that are probably wrong: a line for each, or JSON. */
export async function printSuspects(source: SourceInput, options: DetectOptions, isJson: boolean, stdout: Printer): Promise<void> {
  let table: string | undefined
  let count = 0
  for await (const cell of detect(source, options)) {
    if (isJson) {
      if (!(await stdout.json(cell))) return
      continue
    }
    const heading = cell.table === table ? [] : [...(table === undefined ? [] : [""]), cut(cell.table)]
    table = cell.table
    count++
    if (!(await stdout.lines([...heading, cut(`  ${suspectText(cell)}`)]))) return
  }
  if (isJson) return
  const end = count === 0 ? "No cell is suspect." : `${count.toLocaleString("en-US")} ${count === 1 ? "cell is" : "cells are"} suspect.`
  await stdout.lines([...(count === 0 ? [] : [""]), end])
}

function suspectText({ row, column, value, suspicion, reasons, expected }: SuspectCell): string {
  const shown = value === null ? "empty" : JSON.stringify(visibleText(value, most))
  const guess = expected === undefined || expected === "" ? "" : `, perhaps ${JSON.stringify(visibleText(expected, most))}`
  return `row ${row}, ${column}: ${shown}${guess} (${Math.round(100 * suspicion)}%). ${reasons[0]?.message ?? ""}`
}

function cut(text: string): string {
  const shown = visibleText(text, screen)
  return shown.length <= screen ? shown : `${shown.slice(0, screen - 1)}…`
}
