import { type NeededKind, type OptionKind, type OptionPlace, type OptionSpec, wrongValue } from "./option-kind.ts"
import { optionsFault } from "./options-fault.ts"
import { shownType, shownValue } from "./shown-value.ts"

/** The greatest number of milliseconds that timers and PostgreSQL accept. */
const longestMs = 2 ** 31 - 1

const objectOfOptions = "an object of options"

/** Any kind from a test. */
export function kind<T>(takes: string, accepts: (value: unknown) => boolean, shown = shownValue): OptionKind<T> {
  return { takes, fault: (value, place) => (accepts(value) ? undefined : wrongValue(place, takes, shown(value))) }
}

export function text(takes = "a string that is not empty"): OptionKind<string> {
  return kind(takes, (value) => typeof value === "string" && value !== "")
}

/** A string that may be empty. */
export function anyText(takes = "a string"): OptionKind<string> {
  return kind(takes, (value) => typeof value === "string")
}

/** A string that may hold a password. No message shows it. */
export function secretText(takes: string): OptionKind<string> {
  return kind(takes, (value) => typeof value === "string" && value !== "", shownType)
}

/** A function that returns a secret. If the secret itself is passed by mistake, no message shows it. */
export function secretCallback<T>(takes: string): OptionKind<T> {
  return kind(takes, (value) => typeof value === "function", shownType)
}

export function flag(): OptionKind<boolean> {
  return kind("true or false", (value) => typeof value === "boolean")
}

/** A whole number, or infinity for no limit. */
export function whole(least: number): OptionKind<number> {
  return kind(`a whole number of at least ${least}`, (value) => isWhole(value, least) || value === Number.POSITIVE_INFINITY)
}

/** A finite whole number, for positions and counts. */
export function position(least = 1): OptionKind<number> {
  return kind(`a whole number of at least ${least}`, (value) => isWhole(value, least))
}

/** A limit; infinity means no limit. */
export function limit(least = 0): OptionKind<number> {
  return kind(`a number of at least ${least}`, (value) => typeof value === "number" && value >= least)
}

export function milliseconds(least = 0): OptionKind<number> {
  return kind(
    `a whole number of milliseconds from ${least} to ${longestMs}`,
    (value) => isWhole(value, least) && Number(value) <= longestMs,
  )
}

/** A number that may have a fraction. */
export function number(least: number, most = Number.MAX_VALUE): OptionKind<number> {
  const takes = most === Number.MAX_VALUE ? `a number of at least ${least}` : `a number from ${least} to ${most}`
  return kind(takes, (value) => typeof value === "number" && value >= least && value <= most)
}

export function instant(): OptionKind<Date> {
  return kind("a valid Date", (value) => value instanceof Date && !Number.isNaN(value.getTime()))
}

export function oneOf<const V extends string | number | boolean | null>(...values: readonly V[]): OptionKind<V> {
  const named = values.map(shownValue)
  const takes = named.length === 1 ? `${named[0]}` : `${named.slice(0, -1).join(", ")} or ${named.at(-1)}`
  return kind(takes, (value) => values.some((each) => each === value))
}

/** Any function. */
export function callback<T>(takes = "a function"): OptionKind<T> {
  return kind(takes, (value) => typeof value === "function")
}

/** An object with these methods. */
export function having<T>(takes: string, ...methods: readonly (keyof T & string)[]): OptionKind<T> {
  return kind(takes, (value) => {
    if ((typeof value !== "object" && typeof value !== "function") || value === null) return false
    return methods.every((name) => typeof (value as { readonly [name: string]: unknown })[name] === "function")
  })
}

export function abortSignal(): OptionKind<AbortSignal> {
  return having<AbortSignal>("an AbortSignal", "throwIfAborted", "addEventListener")
}

export function list<T>(of: OptionKind<T>, takes = "a list of strings"): OptionKind<readonly T[]> {
  return {
    takes,
    fault(value, place) {
      if (!Array.isArray(value)) return wrongValue(place, takes, shownValue(value))
      return firstFault(
        value.map((each, at) => [`${place.path}[${at}]`, each]),
        of,
        place,
      )
    },
  }
}

/** A list that is not empty. */
export function fullList<T>(of: OptionKind<T>, takes = "a list of strings"): OptionKind<readonly T[]> {
  const any = list(of, takes)
  return {
    takes,
    fault: (value, place) =>
      Array.isArray(value) && value.length === 0 ? wrongValue(place, takes, "an empty list") : any.fault(value, place),
  }
}

/** An object with any names. */
export function record<T, V extends T | undefined = T | undefined>(
  of: OptionKind<T>,
  takes: string,
): OptionKind<{ readonly [name: string]: V }> {
  return {
    takes,
    fault(value, place) {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return wrongValue(place, takes, shownValue(value))
      const values = Object.entries(value).filter(([, each]) => each !== undefined)
      return firstFault(
        values.map(([name, each]) => [`${place.path}.${name}`, each]),
        of,
        place,
      )
    },
  }
}

/** An object with some of these names. */
export function keyed<const N extends string, T>(
  names: readonly N[],
  of: OptionKind<T>,
): OptionKind<{ readonly [K in N]?: T | undefined }> {
  return options(Object.fromEntries(names.map((name) => [name, of])) as OptionSpec<{ readonly [K in N]?: T | undefined }>)
}

/** Limits, named as in their defaults. */
export function limits<L extends object>(defaults: { readonly [N in keyof L]-?: number }): OptionKind<L> {
  return options(Object.fromEntries(Object.keys(defaults).map((name) => [name, limit()])) as unknown as OptionSpec<L>)
}

/** Options within options. */
export function options<O>(spec: OptionSpec<O>): OptionKind<O> {
  return { takes: objectOfOptions, fault: (value, place) => optionsFault(value, spec, place) }
}

export function either<A, B>(one: OptionKind<A>, other: OptionKind<B>): OptionKind<A | B> {
  const takes = `${one.takes} or ${other.takes}`
  return {
    takes,
    fault(value, place) {
      const [first, second] = [one.fault(value, place), other.fault(value, place)]
      if (first === undefined || second === undefined) return undefined
      // A fault within the options says more than that the value is neither.
      const isWithin = other.takes === objectOfOptions && second.message !== wrongValue(place, other.takes, shownValue(value)).message
      return isWithin ? second : wrongValue(place, takes, shownValue(value))
    },
  }
}

/** Makes an option required. */
export function needed<T>(of: OptionKind<T>): NeededKind<T> {
  return { ...of, needed: true }
}

function isWhole(value: unknown, least: number): boolean {
  return Number.isSafeInteger(value) && Number(value) >= least
}

function firstFault<T>(values: readonly (readonly [path: string, value: unknown])[], of: OptionKind<T>, { call }: OptionPlace) {
  for (const [path, value] of values) {
    const fault = of.fault(value, { call, path })
    if (fault !== undefined) return fault
  }
  return undefined
}
