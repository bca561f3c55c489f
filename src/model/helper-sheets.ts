/** Sheets that rowgate adds to its own workbooks. They hold no rows, so a reader passes them over without a notice. */
export const helperSheets = { help: "rowgate help", lists: "rowgate lists" } as const

export function isHelperSheet(name: string): boolean {
  return name === helperSheets.help || name === helperSheets.lists
}
