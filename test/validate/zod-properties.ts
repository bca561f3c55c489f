import fc from "fast-check"
import { z } from "zod"

/** How cells of a property are read before the schema sees them. */
export type Kind = "text" | "number" | "date" | "boolean" | "any"

/** A property of a generated object schema, with what its construction tells about it. */
export interface Property {
  readonly label: string
  readonly schema: z.ZodType
  readonly kind: Kind
  /** What an empty cell is to the schema; `"refused"` if a coercion must not see it. */
  readonly missing: "null" | "absent" | "refused"
  readonly catches: boolean
}

interface Base {
  readonly label: string
  readonly schema: z.ZodType
  readonly kind: Kind
  /** A valid value. */
  readonly good: unknown
  readonly coerces?: true
}

const day = new Date("2024-06-15T00:00:00Z")
const uuid = "123e4567-e89b-42d3-a456-426614174000"

const texts: readonly Base[] = [
  ["string", z.string(), "x"],
  ["min", z.string().min(2), "xx"],
  ["max", z.string().max(3), "x"],
  ["between", z.string().min(1).max(2), "é"],
  ["length", z.string().length(2), "😀"],
  ["regex", z.string().regex(/^[a-c]+$/), "abc"],
  ["sticky", z.string().regex(/a/gy), "a"],
  ["email", z.email(), "ann@example.com"],
  ["string.email", z.string().email().max(20), "a@b.de"],
  ["email.html5", z.email({ pattern: z.regexes.html5Email }), "a@b"],
  ["uuid", z.uuid(), uuid],
  ["guid", z.guid(), uuid],
  ["iso.date", z.iso.date(), "2024-02-29"],
  ["iso.datetime", z.iso.datetime(), "2024-02-29T10:00:00Z"],
  ["iso.time", z.iso.time(), "10:00:00"],
  ["url", z.url(), "https://example.com/a"],
  ["ipv4", z.ipv4(), "10.0.0.1"],
  ["base64", z.base64(), "aGk="],
  ["ulid", z.ulid(), "01ARZ3NDEKTSV4RRFFQ69G5FAV"],
  ["startsWith", z.string().startsWith("a"), "ab"],
  ["includes", z.string().includes("b"), "ab"],
  ["lowercase", z.string().lowercase(), "ab"],
  ["toUpperCase", z.string().toUpperCase(), "ab"],
  ["trim", z.string().trim().min(1), "ab"],
  ["enum", z.enum(["a", "b", "__proto__"]), "a"],
  ["literal", z.literal(["a", "é"]), "é"],
  ["refine", z.string().refine((text) => text !== "bad", "not bad"), "ok"],
  ["throwing", z.string().refine(throwAtBang), "ok"],
  ["transform", z.string().transform((text) => text.length), "abc"],
  ["list", z.string().transform((text) => text.split(",")), "a,b"],
  ["pipe", z.string().transform(Number).pipe(z.number().max(9)), "3"],
].map(([label, schema, good]) => ({ label, schema, good, kind: "text" }) as Base)

const numbers: readonly Base[] = [
  ["number", z.number(), 1.5],
  ["int", z.int(), 3],
  ["number.int", z.number().int().positive(), 3],
  ["int32", z.int32(), 3],
  ["uint32", z.uint32(), 3],
  ["float32", z.float32(), 0.5],
  ["min", z.number().min(0), 0],
  ["gt", z.number().gt(0).lt(10), 5],
  ["negative", z.number().negative(), -1],
  ["exclusive", z.number().gt(-1.5).lt(0), -1],
  ["multipleOf", z.number().multipleOf(0.5), 2],
  ["step", z.number().int().step(3), 3],
  ["literal", z.literal([1, 2.5]), 2.5],
  ["refine", z.number().refine((value) => value !== 13, "unlucky"), 1],
  ["transform", z.number().transform((value) => (value > 5 ? "many" : "few")), 1],
].map(([label, schema, good]) => ({ label: `number ${label}`, schema, good, kind: "number" }) as Base)

const others: readonly Base[] = [
  { label: "date", schema: z.date(), good: day, kind: "date" },
  { label: "date bounds", schema: z.date().min(new Date("2024-01-01")).max(new Date("2024-12-31")), good: day, kind: "date" },
  { label: "date refine", schema: z.date().refine((date) => date.getUTCDay() !== 0, "not on Sundays"), good: day, kind: "date" },
  { label: "date transform", schema: z.date().transform((date) => date.getTime()), good: day, kind: "date" },
  { label: "boolean", schema: z.boolean(), good: true, kind: "boolean" },
  { label: "boolean literal", schema: z.literal(true), good: true, kind: "boolean" },
  { label: "boolean refine", schema: z.boolean().refine((flag) => flag, "has to be so"), good: true, kind: "boolean" },
  { label: "unknown", schema: z.unknown(), good: "x", kind: "any" },
  { label: "union", schema: z.union([z.string().min(3), z.null()]), good: "abc", kind: "any" },
  { label: "preprocess", schema: z.preprocess((value) => value ?? "none", z.string()), good: "x", kind: "any" },
  { label: "stringbool", schema: z.stringbool(), good: "yes", kind: "text" },
  { label: "lazy", schema: z.lazy(() => z.number().min(1)), good: 1, kind: "number" },
  { label: "coerce.number", schema: z.coerce.number().min(1), good: 1, kind: "number", coerces: true },
  { label: "coerce.string", schema: z.coerce.string().min(1), good: "x", kind: "text", coerces: true },
  { label: "coerce.boolean", schema: z.coerce.boolean(), good: true, kind: "boolean", coerces: true },
  { label: "coerce.date", schema: z.coerce.date(), good: day, kind: "date", coerces: true },
]

const wrappers: { readonly [label: string]: (base: Base) => Pick<Property, "schema" | "missing"> & { readonly catches?: true } } = {
  "": ({ schema, coerces }) => ({ schema, missing: coerces ? "refused" : "null" }),
  readonly: ({ schema, coerces }) => ({ schema: schema.readonly(), missing: coerces ? "refused" : "null" }),
  optional: ({ schema }) => ({ schema: schema.optional(), missing: "absent" }),
  nullable: ({ schema }) => ({ schema: schema.nullable(), missing: "null" }),
  nullish: ({ schema }) => ({ schema: schema.nullish(), missing: "null" }),
  "optional nullable": ({ schema }) => ({ schema: schema.optional().nullable(), missing: "null" }),
  nonoptional: ({ schema, coerces }) => ({ schema: z.nonoptional(schema.optional()), missing: coerces ? "refused" : "null" }),
  "optional transform": ({ schema }) => ({ schema: schema.optional().transform((value) => value ?? "none"), missing: "absent" }),
  "nullable transform": ({ schema }) => ({ schema: schema.nullable().transform((value) => value ?? "none"), missing: "null" }),
  "optional refine": ({ schema }) => ({ schema: schema.optional().refine((value) => value !== undefined, "is wanted"), missing: "absent" }),
  "nullable default": ({ schema, good }) => ({ schema: schema.nullable().default(good as never), missing: "absent" }),
  default: ({ schema, good }) => ({ schema: schema.default(good as never), missing: "absent" }),
  prefault: ({ schema, good }) => ({ schema: schema.prefault(good as never), missing: "absent" }),
  catch: ({ schema, good }) => ({ schema: schema.catch(good as never), missing: "absent", catches: true }),
}

/** Properties of zod objects: what users write, and how they wrap it. */
export const properties: fc.Arbitrary<Property> = fc
  .tuple(fc.constantFrom(...texts, ...numbers, ...others), fc.constantFrom(...Object.entries(wrappers)))
  // A default is an output, which a transform would turn into another kind.
  .filter(([{ label }, [wrapper]]) => !/default|prefault|catch/.test(wrapper) || !/transform|list|pipe|stringbool/.test(label))
  .map(([base, [wrapper, wrap]]) => ({ label: `${base.label} ${wrapper}`.trim(), kind: base.kind, catches: false, ...wrap(base) }))

function throwAtBang(text: string): boolean {
  if (text.includes("!")) throw new Error("no bangs")
  return true
}

/** Cells of a text file: good and bad ones of every kind, and empty ones. */
export const textCells: fc.Arbitrary<string | null> = fc.oneof(
  fc.constantFrom(null, null, "x", "xx", "abc", "a", "b", "é", "😀", "bad", "!", "AB", " ab ", "a,b", "none", "__proto__"),
  fc.constantFrom("1", "3", "0", "-1", "2.5", "13", "10", "1e3", "-0", "4294967296", "9007199254740993", "0.1"),
  fc.constantFrom("2024-06-15", "2024-06-16", "2023-12-31", "2024-02-29T10:00:00Z", "2024-02-30", "true", "no", "Yes", "10:00:00"),
  fc.constantFrom(
    "ann@example.com",
    "a@b",
    "a..b@c.de",
    "'@b.de",
    uuid,
    "https://example.com/a",
    "10.0.0.1",
    "aGk=",
    "01ARZ3NDEKTSV4RRFFQ69G5FAV",
  ),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 5 }),
)
