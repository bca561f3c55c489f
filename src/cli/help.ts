import type { Command } from "./command.ts"

/** What `rowgate --help` prints. */
export function commandList(commands: readonly Command[]): readonly string[] {
  const width = Math.max(...commands.map(({ name }) => name.length))
  return [
    "rowgate: files in, trusted rows out",
    "",
    "usage: rowgate COMMAND [options]",
    "",
    ...commands.map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`),
    "",
    "  rowgate COMMAND --help   what a command takes",
    "  rowgate --version        the version",
  ]
}

/** What `rowgate COMMAND --help` prints. */
export function commandHelp({ name, operands, about, notes = [], options }: Command): readonly string[] {
  const shown = Object.entries(options).map(([option, { value, about: what }]) => {
    return [value === undefined ? `--${option}` : `--${option} ${value}`, what] as const
  })
  const width = Math.max(0, ...shown.map(([left]) => left.length))
  return [
    `usage: rowgate ${name} ${operands}${shown.length > 0 ? " [options]" : ""}`,
    "",
    about,
    ...notes,
    ...(shown.length > 0 ? ["", ...shown.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)] : []),
  ]
}
