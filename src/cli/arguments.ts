import { parseArgs } from "node:util"
import { nearestName } from "../options/nearest-name.ts"
import type { OptionSpec } from "./command.ts"
import { usageError } from "./usage-error.ts"

interface Values {
  readonly [name: string]: string | boolean | readonly (string | boolean)[] | undefined
}

interface Specs {
  readonly [name: string]: OptionSpec
}

/** One option as Node found it on a command line. */
interface OptionToken {
  readonly name: string
  readonly index: number
  readonly value?: string | undefined
  readonly inlineValue?: boolean | undefined
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

  /** Throws `CONFIG_INVALID` if the command does not have an option, or its value is missing. With `--help`, nothing else is checked. */
  static parse(command: string, argv: readonly string[], specs: Specs): Arguments {
    const options = Object.fromEntries(
      Object.entries(specs).map(([name, { value, many = false }]) => {
        const short = name === "help" ? { short: "h" } : {}
        return [name, { type: value === undefined ? "boolean" : "string", multiple: many, ...short } as const]
      }),
    )
    // In its strict mode, Node refuses `--null -1` and names neither the command nor the option that was meant.
    const { values, positionals, tokens } = parseArgs({ args: [...argv], options, allowPositionals: true, strict: false, tokens: true })
    if (values["help"] !== true)
      for (const token of tokens) {
        const message = token.kind === "option" ? faultOf(token, argv, command, specs) : undefined
        if (message !== undefined) throw usageError(message, command)
      }
    return new Arguments(command, positionals, values)
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
      throw usageError(`--${name} is "${value}", not one of ${allowed.join(", ")}.${didYouMean(value, allowed)}`, this.#command)
    return found
  }
}

/** A sentence with the name that was probably meant, to follow another sentence. Empty if no name is near. */
export function didYouMean(name: string, known: readonly string[], prefix = ""): string {
  const near = nearestName(name, known)
  return near === undefined ? "" : ` Did you mean ${prefix}${near}?`
}

function faultOf(
  { name, index, value, inlineValue }: OptionToken,
  argv: readonly string[],
  command: string,
  specs: Specs,
): string | undefined {
  const spec = Object.hasOwn(specs, name) ? specs[name] : undefined
  if (spec === undefined) {
    // Node takes `-limit` for five options of one letter.
    const word = argv[index]?.replace(/=.*$/s, "") ?? ""
    return `rowgate ${command} has no option ${word}.${didYouMean(word.replace(/^-+/, ""), Object.keys(specs), "--")}`
  }
  if (spec.value === undefined) return value === undefined ? undefined : `--${name} takes no value.`
  if (value === undefined) return `--${name} needs a value: --${name} ${spec.values?.join("|") ?? spec.value}.`
  if (inlineValue !== true && value.startsWith("--")) return `--${name} needs a value, but ${value} follows.`
  return undefined
}
