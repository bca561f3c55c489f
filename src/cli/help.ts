import { type Command, commonOptions } from "./command.ts"

const configNote = [
  "rowgate.config.ts, .mts, .js or .mjs in the working directory is executed by the commands that take --config, with all your rights.",
  ".env.local there is read by every command. With --no-config neither happens: use it in folders whose files you do not trust.",
]

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
    "",
    ...configNote,
  ]
}

/** What `rowgate COMMAND --help` prints. */
export function commandHelp({ name, operands, about, notes = [], options }: Command): readonly string[] {
  const shown = Object.entries({ ...options, ...commonOptions }).map(([option, { value, about: what }]) => {
    return [value === undefined ? `--${option}` : `--${option} ${value}`, what] as const
  })
  const width = Math.max(...shown.map(([left]) => left.length))
  return [
    `usage: rowgate ${name} ${operands} [options]`,
    "",
    about,
    ...notes,
    "",
    ...shown.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`),
    "",
    ...configNote,
  ]
}
