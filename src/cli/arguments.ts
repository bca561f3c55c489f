import { parseArgs } from "node:util"
import type { OptionSpec } from "./command.ts"
import { usageError } from "./usage-error.ts"

/** The arguments after a command's name, checked against its options. */
export class Arguments {
  readonly operands: readonly string[]
  readonly #command: string
  readonly #values: { readonly [name: string]: string | boolean | undefined }

  private constructor(command: string, operands: readonly string[], values: { readonly [name: string]: string | boolean | undefined }) {
    this.#command = command
    this.operands = operands
    this.#values = values
  }

  /** Throws `CONFIG_INVALID` if the command does not have an option, or its value is missing. */
  static parse(command: string, argv: readonly string[], specs: { readonly [name: string]: OptionSpec }): Arguments {
    const options = Object.fromEntries(
      Object.entries(specs).map(([name, { value }]) => [name, { type: value === undefined ? "boolean" : "string" } as const]),
    )
    try {
      const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true })
      return new Arguments(command, positionals, values)
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      throw usageError(`${error.message.split(". ")[0]}.`, command)
    }
  }

  /** The value of an option. Undefined if it was not given. */
  text(name: string): string | undefined {
    const value = this.#values[name]
    if (value === "") throw usageError(`--${name} has an empty value.`, this.#command)
    return typeof value === "string" ? value : undefined
  }

  /** Whether a switch was given. */
  flag(name: string): boolean {
    return this.#values[name] === true
  }

  /** A value with names separated by commas. */
  names(name: string): readonly string[] | undefined {
    const names = this.text(name)
      ?.split(",")
      .map((each) => each.trim())
    if (names?.includes("")) throw usageError(`--${name} contains an empty name.`, this.#command)
    return names
  }

  /** A value that is one of a list. */
  oneOf<V extends string>(name: string, allowed: readonly V[]): V | undefined {
    const value = this.text(name)
    const found = allowed.find((each) => each === value)
    if (value !== undefined && found === undefined)
      throw usageError(`--${name} is "${value}", not one of ${allowed.join(", ")}.`, this.#command)
    return found
  }
}
