/**
 * The part of zod 4's definitions that is read here. zod is recognised by this structure and never imported, because the user's schema may come
 * from another copy or from `zod/mini`.
 */
export interface Definition {
  readonly type?: string
  readonly checks?: readonly Defined[]
  readonly check?: string
  readonly coerce?: boolean
  readonly innerType?: Defined
  readonly in?: Defined
  readonly out?: Defined
  readonly shape?: { readonly [name: string]: Defined }
  readonly getter?: () => Defined
  readonly left?: Defined
  readonly right?: Defined
  readonly options?: readonly Defined[]
  readonly discriminator?: string
  readonly catchall?: Defined
  readonly entries?: { readonly [name: string]: string | number }
  readonly values?: readonly unknown[]
  readonly format?: string
  readonly pattern?: RegExp
  readonly minimum?: number
  readonly maximum?: number
  readonly length?: number
  readonly value?: unknown
  readonly inclusive?: boolean
  /** Decides whether a check runs. */
  readonly when?: (payload: Payload) => boolean
}

/** A value on its way through a schema. */
export interface Payload {
  value: unknown
  readonly issues: unknown[]
}

/** A schema or a check of zod. */
export interface Defined {
  readonly _zod: {
    readonly def: Definition
    /** Set if a key with this schema may be left out of an object. */
    readonly optin?: string | undefined
    /** Set if the key may be left out of the result. */
    readonly optout?: string | undefined
    /** The values of each property by which a discriminated union finds its option. */
    readonly propValues?: { readonly [name: string]: ReadonlySet<unknown> } | undefined
    /** Only schemas have it. */
    run?(payload: Payload, context: { readonly async: boolean }): Payload | Promise<Payload>
    /** Only checks have it. */
    check?(payload: Payload): unknown
  }
}

export function isDefined(schema: object): schema is Defined {
  return "_zod" in schema && typeof schema._zod === "object" && schema._zod !== null && "def" in schema._zod
}

/** The definition inside a wrapper. */
export function innerOf({ type, innerType, in: input, getter }: Definition): Definition | undefined {
  const inner = innerType ?? (type === "pipe" ? input : type === "lazy" ? getter?.() : undefined)
  return inner?._zod.def
}

/** The values of a literal or an enum. TypeScript's numeric enums also map from number to name. */
export function listedValues({ values, entries = {} }: Definition): readonly unknown[] {
  const numbers = Object.values(entries).filter((value) => typeof value === "number")
  return values ?? Object.entries(entries).flatMap(([key, value]) => (numbers.includes(Number(key)) ? [] : [value]))
}
