/** Says what is wrong with the options of a call. */
export interface OptionFault {
  readonly message: string
  readonly remedy: string
}

/** An option of a call: `limits.entries` of `xlsx()`. */
export interface OptionPlace {
  readonly call: string
  readonly path: string
}

/** The values that an option takes. T is exactly their type, so a kind that differs from its option does not compile. */
export interface OptionKind<in out T> {
  /** For messages: `a string`, `"append" or "replace"`. */
  readonly takes: string
  /** Undefined if the option takes the value. */
  fault(value: unknown, place: OptionPlace): OptionFault | undefined
  /** Whether the option is required. */
  readonly needed?: boolean
  /** Never set; it only carries T. */
  readonly type?: (value: T) => T
}

/** The kind of a required option. */
export interface NeededKind<in out T> extends OptionKind<T> {
  readonly needed: true
}

/** A kind for each option of O. A missing or an extra one does not compile. */
export type OptionSpec<O> = {
  readonly [K in keyof O]-?: undefined extends O[K] ? OptionKind<Exclude<O[K], undefined>> : NeededKind<O[K]>
}

export function wrongValue({ call, path }: OptionPlace, takes: string, value: string): OptionFault {
  const subject = path === "" ? call : path.startsWith("[") ? `Item ${path} of ${call}` : `The option ${path} of ${call}`
  return { message: `${subject} takes ${takes}; it got ${value}.`, remedy: `Pass ${takes}.` }
}
