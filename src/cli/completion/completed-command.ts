import { type Command, commonOptions } from "../command.ts"

/** What a shell completes of one command. */
export interface CompletedCommand {
  readonly name: string
  readonly about: string
  readonly options: readonly CompletedOption[]
  /** What operands are completed with: names of files, some words, or nothing. */
  readonly operands: "files" | readonly string[]
}

/** What a shell completes of one option. */
export interface CompletedOption {
  readonly name: string
  readonly about: string
  /** What its value is completed with. Undefined for a switch. */
  readonly value: "files" | readonly string[] | undefined
}

/** Placeholders of values and operands that are paths. A target may be a file or a folder. */
const paths = /\b(FILE|TARGET)\b/

/** All commands and `help`, which completes their names. */
export function completedCommands(commands: readonly Command[]): readonly CompletedCommand[] {
  const names = commands.map(({ name }) => name)
  const help = { name: "help", about: "Lists the options of a command.", options: [], operands: names }
  return [...commands.map(completedCommand), help]
}

function completedCommand({ name, about, operands, operandValues, options }: Command): CompletedCommand {
  const all = Object.entries({ ...options, ...commonOptions })
  return {
    name,
    about,
    operands: operandValues ?? (paths.test(operands) ? "files" : []),
    options: all.map(([option, { value, values, about: what }]) => {
      return { name: option, about: what, value: value === undefined ? undefined : (values ?? (paths.test(value) ? "files" : [])) }
    }),
  }
}
