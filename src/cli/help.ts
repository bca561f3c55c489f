import { type Command, commonOptions } from "./command.ts"

const configNote = [
  "Commands that take --config execute rowgate.config.ts, .mts, .js or .mjs of the working directory, with all your permissions.",
  "Every command reads .env.local there. --no-config turns both off: use it in folders with files that you do not trust.",
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
    "  rowgate COMMAND --help   lists the options of a command",
    "  rowgate --version        prints the version",
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
    `usage: ${["rowgate", name, operands].filter((word) => word !== "").join(" ")} [options]`,
    "",
    about,
    ...notes,
    "",
    ...shown.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`),
    "",
    ...configNote,
  ]
}
