import { parseArgs } from "node:util"
import type { OptionSpec } from "./command.ts"
import { usageError } from "./usage-error.ts"

interface Values {
  readonly [name: string]: string | boolean | readonly (string | boolean)[] | undefined
}

/** The arguments after a command's name, checked against its options. */
export class Arguments {
  readonly operands: readonly string[]
  readonly #command: string
  readonly #values: Values

  private constructor(command: string, operands: readonly string[], values: Values) {
    this.#command = command
    this.operands = operands
    this.#values = values
  }

  /** Throws `CONFIG_INVALID` if the command does not have an option, or its value is missing. */
  static parse(command: string, argv: readonly string[], specs: { readonly [name: string]: OptionSpec }): Arguments {
    const options = Object.fromEntries(
      Object.entries(specs).map(([name, { value, many = false }]) => {
        return [name, { type: value === undefined ? "boolean" : "string", multiple: many } as const]
      }),
    )
    try {
      const { values, positionals } = parseArgs({ args: withDashes(argv, specs), options, allowPositionals: true, strict: true })
      return new Arguments(command, positionals, values)
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      throw usageError(`${error.message.split(/\.\s/)[0]?.replace(/\.$/, "")}.`, command)
    }
  }

  /** The value of an option. Undefined if it was not given. */
  text(name: string): string | undefined {
    const value = this.#values[name]
    if (value === "") throw usageError(`--${name} has an empty value.`, this.#command)
    return typeof value === "string" ? value : undefined
  }

  /** The values of an option that can be given more than once. Undefined if it was not given. */
  texts(name: string): readonly string[] | undefined {
    const values = this.#values[name]
    if (!Array.isArray(values)) return undefined
    if (values.includes("")) throw usageError(`--${name} has an empty value.`, this.#command)
    return values.filter((value) => typeof value === "string")
  }

  /** Whether it was given. */
  has(name: string): boolean {
    return this.#values[name] !== undefined
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

/** Node takes `--null -1` for two options unless it is written `--null=-1`. rowgate has no options of one dash but `-h` and `-v`. */
function withDashes(argv: readonly string[], specs: { readonly [name: string]: OptionSpec }): string[] {
  return argv.flatMap((word, at) => {
    const takes = (text: string | undefined) => text?.startsWith("--") === true && specs[text.slice(2)]?.value !== undefined
    if (takes(word) && isDashed(argv[at + 1])) return [`${word}=${argv[at + 1]}`]
    return at > 0 && isDashed(word) && takes(argv[at - 1]) ? [] : [word]
  })
}

function isDashed(text: string | undefined): boolean {
  return text !== undefined && /^-[^-]/.test(text)
}
