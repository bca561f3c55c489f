import fc from "fast-check"
import { z } from "zod"
import { type Base, bases } from "./zod-bases.ts"

/** How cells of a property are read before the schema sees them. */
export type Kind = "text" | "number" | "date" | "boolean" | "any"

/**
 * What an empty cell is to a property.
 *
 * - `"null"`, `"absent"`, `"undefined"`: the schema gets null, no key, or `undefined`.
 * - `"refused"`: the row fails, and the schema never sees the cell.
 * - `"kept"`: null is the value, and the schema never sees the cell.
 * - `"asked"`: a function gets `undefined`; the row fails if it returns `NaN` or an invalid date.
 * - `"asked or null"`: the same, but null is the value if the schema refuses what the function returns.
 */
export type Blank = "null" | "absent" | "undefined" | "refused" | "kept" | "asked" | "asked or null"

/** A property of a generated object schema, with what its construction tells about it. */
export interface Property {
  readonly label: string
  readonly schema: z.ZodType
  readonly kind: Kind
  readonly blank: Blank
  /** Whether a table must have the column. */
  readonly needed: boolean
  readonly catches: boolean
}

type Wrapped = Pick<Property, "schema" | "blank" | "needed"> & { readonly catches?: true }

const asIs = ({ schema, blank, needed }: Base): Wrapped => ({ schema, blank, needed })

/** An optional property is null if it accepts null. */
function optional(base: Base): Wrapped {
  const { schema, blank, takesNull } = base
  const decides = takesNull === true
  return { schema: schema.optional(), blank: decides ? blank : "absent", needed: false }
}

/** A property that must not be `undefined`. */
function required({ schema, blank, needed }: Base): Wrapped {
  const isNull = blank === "undefined"
  return { schema: z.nonoptional(schema.optional()), blank: isNull ? "null" : blank, needed: needed || isNull || blank.startsWith("asked") }
}

const wrappers: { readonly [label: string]: (base: Base) => Wrapped } = {
  "": asIs,
  readonly: (base) => ({ ...asIs(base), schema: base.schema.readonly() }),
  branded: (base) => ({ ...asIs(base), schema: base.schema.brand("brand") }),
  lazy: (base) => ({ ...asIs(base), schema: z.lazy(() => base.schema) }),
  described: (base) => ({ ...asIs(base), schema: base.schema.describe("a property").meta({ title: "Property" }) }),
  optional,
  nullable: ({ schema }) => ({ schema: schema.nullable(), blank: "null", needed: false }),
  nullish: ({ schema }) => ({ schema: schema.nullish(), blank: "null", needed: false }),
  "optional nullable": ({ schema }) => ({ schema: schema.optional().nullable(), blank: "null", needed: false }),
  "nullable optional readonly": ({ schema }) => ({ schema: schema.nullable().optional().readonly(), blank: "null", needed: false }),
  "lazy optional": (base) => ({ ...optional(base), schema: z.lazy(() => base.schema.optional()) }),
  nonoptional: required,
  "nullish nonoptional": ({ schema }) => ({ schema: z.nonoptional(schema.nullish()), blank: "null", needed: false }),
  "default nonoptional": (base) => ({ ...required(base), schema: z.nonoptional(base.schema.default(base.good as never)) }),
  "optional transform": (base) => ({ ...optional(base), schema: base.schema.optional().transform((value) => value ?? "none") }),
  "nullable transform": ({ schema }) => ({
    schema: schema.nullable().transform((value) => value ?? "none"),
    blank: "null",
    needed: false,
  }),
  "optional refine": (base) => ({
    ...optional(base),
    schema: base.schema.optional().refine((value) => value !== undefined, "is wanted"),
  }),
  "nullable superRefine": ({ schema }) => ({
    schema: schema.nullable().superRefine((value, context) => {
      if (value === null) context.addIssue({ code: "custom", message: "is wanted", path: ["deep", 1] })
    }),
    blank: "null",
    needed: false,
  }),
  check: (base) => ({
    ...asIs(base),
    schema: base.schema.check(({ value, issues }) => {
      if (String(value).includes("a")) issues.push({ code: "custom", input: value, message: "has an a" })
    }),
  }),
  "nullable default": ({ schema, good }) => ({ schema: schema.nullable().default(good as never), blank: "absent", needed: false }),
  "default nullable": ({ schema, good }) => ({ schema: schema.default(good as never).nullable(), blank: "absent", needed: false }),
  "default optional": ({ schema, good }) => ({ schema: schema.default(good as never).optional(), blank: "absent", needed: false }),
  default: ({ schema, good }) => ({ schema: schema.default(good as never), blank: "absent", needed: false }),
  "default of a function": ({ schema, good }) => ({ schema: schema.default(() => good as never), blank: "absent", needed: false }),
  prefault: ({ schema, good }) => ({ schema: schema.prefault(good as never), blank: "absent", needed: false }),
  catch: ({ schema, good }) => ({ schema: schema.catch(good as never), blank: "absent", needed: false, catches: true }),
}

/** Properties of zod objects: what users write, and how they wrap it. */
export const properties: fc.Arbitrary<Property> = fc
  .tuple(fc.constantFrom(...bases), fc.constantFrom(...Object.entries(wrappers)))
  // A default is an output, which a transform would turn into another kind.
  .filter(([{ changes }, [wrapper]]) => !/default|prefault|catch/.test(wrapper) || changes !== true)
  .map(([base, [wrapper, wrap]]) => ({ label: `${base.label} ${wrapper}`.trim(), kind: base.kind, catches: false, ...wrap(base) }))

/** Cells of a text file: good and bad ones of every kind, and empty ones. */
export const textCells: fc.Arbitrary<string | null> = fc.oneof(
  fc.constantFrom(null, null, "x", "xx", "abc", "a", "b", "é", "😀", "bad", "!", "AB", " ab ", "a,b", "none", "__proto__", "A1", "5px"),
  fc.constantFrom("1", "3", "0", "-1", "2.5", "13", "10", "1e3", "-0", "4294967296", "9007199254740993", "0.1"),
  fc.constantFrom("2024-06-15", "2024-06-16", "2023-12-31", "2024-02-29T10:00:00Z", "2024-02-30", "true", "no", "Yes", "10:00:00"),
  fc.constantFrom(
    "ann@example.com",
    "a@b",
    "a..b@c.de",
    "'@b.de",
    "123e4567-e89b-42d3-a456-426614174000",
    "https://example.com/a",
    "10.0.0.1",
    "aGk=",
    "01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "P1DT2H",
    "2024-02-29T10:00:00.123+02:00",
    "+4915112345678",
  ),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 5 }),
)
