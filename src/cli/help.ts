import { type Command, commonOptions, type OptionSpec } from "./command.ts"
import type { Line } from "./style.ts"

const width = 80
/** Names of options that are longer stand on a line of their own. */
const mostOfName = 26

const configNote = [
  "Commands that take --config execute rowgate.config.ts, .mts, .js or .mjs of the",
  "working directory, with all your permissions. Every command reads .env.local",
  "there. Use --no-config in folders with files that you do not trust.",
]

/** What `rowgate --help` and `rowgate help` print. */
export function commandList(commands: readonly Command[]): readonly Line[] {
  return [
    "rowgate: files in, trusted rows out",
    "",
    "Usage: rowgate COMMAND [options]",
    "",
    ...twoColumns(commands.map(({ name, about }) => [name, about])),
    "",
    title("First steps:"),
    ...twoColumns([
      ["rowgate ingest orders.csv", "load a file into an embedded database"],
      ["rowgate show orders", "look at its rows"],
      ["rowgate init orders.csv", "write a contract for files like it"],
    ]),
    "",
    ...twoColumns([
      ["rowgate help COMMAND", "lists the options of a command, with examples"],
      ["rowgate --version", "prints the version"],
    ]),
    "",
    ...configNote,
  ]
}

/** What `rowgate COMMAND --help` and `rowgate help COMMAND` print. */
export function commandHelp({ name, operands, about, notes = [], options, groups = [], examples = [] }: Command): readonly Line[] {
  const all: { readonly [name: string]: OptionSpec } = { ...options, ...commonOptions }
  const grouped = new Set(groups.flatMap(([, names]) => names))
  const others = Object.keys(all).filter((each) => !grouped.has(each))
  return [
    `Usage: ${["rowgate", name, operands].filter((word) => word !== "").join(" ")} [options]`,
    "",
    ...[about, ...notes].flatMap((text) => wrapped(text, width)),
    ...[...groups, [groups.length === 0 ? "Options" : "Other options", others] as const].flatMap(([heading, names]) => {
      const rows = names.flatMap((each) => optionRow(each, all[each]))
      return rows.length === 0 ? [] : ["", title(`${heading}:`), ...twoColumns(rows)]
    }),
    ...(examples.length === 0 ? [] : ["", title("Examples:"), ...examples.flatMap(([line, what]) => exampleLines(line, what))]),
    "",
    ...configNote,
  ]
}

function title(text: string): Line {
  return [{ text, style: "bold" }]
}

type Row = readonly [left: string, right: string]

function optionRow(name: string, spec: OptionSpec | undefined): readonly Row[] {
  if (spec === undefined) return []
  return [[spec.value === undefined ? `--${name}` : `--${name} ${spec.value}`, spec.about]]
}

function exampleLines(line: string, about: string): readonly string[] {
  return [`  rowgate ${line}`, ...wrapped(about, width - 6).map((text) => `      ${text}`)]
}

/** Names with texts beside them. */
function twoColumns(rows: readonly Row[]): readonly string[] {
  const left = Math.max(...rows.map(([name]) => name.length).filter((length) => length <= mostOfName))
  return rows.flatMap(([name, text]) => {
    const [first = "", ...more] = wrapped(text, width - left - 4)
    const under = (line: string) => `  ${" ".repeat(left)}  ${line}`
    return name.length > left ? [`  ${name}`, under(first), ...more.map(under)] : [`  ${name.padEnd(left)}  ${first}`, ...more.map(under)]
  })
}

/** The text in lines of at most so many characters, broken between words. */
function wrapped(text: string, most: number): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(" ")) {
    const last = lines.at(-1)
    if (last === undefined || last.length + 1 + word.length > most) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}
