import { z } from "zod"
import type { Blank, Kind } from "./zod-properties.ts"

/** A property before it is made optional, nullable and so on. */
export interface Base {
  readonly label: string
  readonly schema: z.ZodType
  readonly kind: Kind
  /** A valid value. */
  readonly good: unknown
  readonly blank: Blank
  readonly needed: boolean
  /** Whether it accepts null. */
  readonly takesNull?: true
  /** Whether its output is of another kind than its input. */
  readonly changes?: true
}

const day = new Date("2024-06-15T00:00:00Z")
const uuid = "123e4567-e89b-42d3-a456-426614174000"
const changing = /transform|list|pipe|stringbool|codec|split/

type Row = readonly [label: string, schema: z.ZodType, good: unknown]

/** Properties that refuse an empty cell in their own words. */
function refusing(kind: Kind, rows: readonly Row[]): readonly Base[] {
  return rows.map(([label, schema, good]) => ({
    label: `${kind} ${label}`,
    schema,
    good,
    kind,
    blank: "null",
    needed: true,
    ...(changing.test(label) ? { changes: true } : {}),
  }))
}

const texts = refusing("text", [
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
  ["email.rfc5322", z.email({ pattern: z.regexes.rfc5322Email }), "a@b.de"],
  ["email.unicode", z.email({ pattern: z.regexes.unicodeEmail, error: "no address" }), "a@b.de"],
  ["uuid", z.uuid(), uuid],
  ["uuid.v4", z.uuid({ version: "v4" }), uuid],
  ["guid", z.guid(), uuid],
  ["iso.date", z.iso.date(), "2024-02-29"],
  ["iso.datetime", z.iso.datetime(), "2024-02-29T10:00:00Z"],
  ["iso.datetime.offset", z.iso.datetime({ offset: true, precision: 3 }), "2024-02-29T10:00:00.123+02:00"],
  ["iso.datetime.local", z.iso.datetime({ local: true }), "2024-02-29T10:00:00"],
  ["iso.time", z.iso.time(), "10:00:00"],
  ["iso.time.minutes", z.iso.time({ precision: -1 }), "10:00"],
  ["iso.duration", z.iso.duration(), "P1DT2H"],
  ["url", z.url(), "https://example.com/a"],
  ["httpUrl", z.httpUrl(), "https://example.com/a"],
  ["ipv4", z.ipv4(), "10.0.0.1"],
  ["ipv6", z.ipv6(), "::1"],
  ["cidrv4", z.cidrv4(), "10.0.0.0/8"],
  ["base64", z.base64(), "aGk="],
  ["base64url", z.base64url(), "aGk"],
  ["ulid", z.ulid(), "01ARZ3NDEKTSV4RRFFQ69G5FAV"],
  ["nanoid", z.nanoid(), "V1StGXR8_Z5jdHi6B-myT"],
  ["cuid2", z.cuid2(), "tz4a98xxat96iws9zmbrgj3a"],
  ["emoji", z.emoji(), "😀"],
  ["e164", z.e164(), "+4915112345678"],
  ["hostname", z.hostname(), "example.com"],
  ["hex", z.hex(), "ab"],
  ["startsWith", z.string().startsWith("a"), "ab"],
  ["endsWith", z.string().endsWith("b", { error: () => "ends with b" }), "ab"],
  ["includes", z.string().includes("b"), "ab"],
  ["lowercase", z.string().lowercase(), "ab"],
  ["uppercase", z.string().uppercase(), "AB"],
  ["toUpperCase", z.string().toUpperCase(), "ab"],
  ["normalize", z.string().normalize("NFKC").max(2), "ab"],
  ["trim", z.string().trim().min(1), "ab"],
  ["overwrite", z.string().overwrite((text) => `${text}!`), "ab"],
  ["error text", z.string({ error: "wants text" }).min(2, "is short"), "ab"],
  ["error map", z.string({ error: ({ input }) => (input === null ? "is empty" : undefined) }).max(3, { error: () => "is long" }), "ab"],
  ["abort", z.string().min(2, { abort: true }).regex(/b/), "ab"],
  ["enum", z.enum(["a", "b", "__proto__"]), "a"],
  ["native enum", z.enum({ Small: "a", Large: "b" }), "a"],
  ["exclude", z.enum(["a", "b", "x"]).exclude(["x"]), "a"],
  ["literal", z.literal(["a", "é"]), "é"],
  ["literals", z.union([z.literal("a"), z.literal("b")]), "a"],
  ["texts", z.union([z.email(), z.string().max(1)]), "a"],
  ["both", z.intersection(z.string().min(1), z.string().max(2)), "a"],
  ["template", z.templateLiteral(["A", z.number()]), "A1"],
  ["template of units", z.templateLiteral([z.number(), z.enum(["px", "em"])]), "5px"],
  ["refine", z.string().refine((text) => text !== "bad", "not bad"), "ok"],
  ["superRefine", z.string().superRefine(addIssueAtBang), "ok"],
  [
    "refine with abort",
    z
      .string()
      .refine((text) => text !== "bad", { abort: true })
      .refine((text) => text !== "x"),
    "ok",
  ],
  ["throwing", z.string().refine(throwAtBang), "ok"],
  ["transform", z.string().transform((text) => text.length), "abc"],
  ["transform with issues", z.string().transform(numberOrIssue), "3"],
  ["list", z.string().transform((text) => text.split(",")), "a,b"],
  ["pipe", z.string().transform(Number).pipe(z.number().max(9)), "3"],
  ["pipe to text", z.string().pipe(z.string().max(2)), "ab"],
  ["stringbool", z.stringbool(), "yes"],
  ["stringbool of words", z.stringbool({ truthy: ["x"], falsy: ["bad"], case: "sensitive" }), "x"],
  ["codec", z.codec(z.iso.date(), z.date(), { decode: (text) => new Date(text), encode: (date) => date.toISOString() }), "2024-06-15"],
  ["codec of numbers", z.codec(z.string().regex(/^\d+$/), z.number().max(50), { decode: Number, encode: String }), "3"],
])

const numbers = refusing("number", [
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
  ["error", z.number({ error: "wants a number" }).max(5, { error: ({ maximum }) => `at most ${String(maximum)}` }), 3],
  ["literal", z.literal([1, 2.5]), 2.5],
  ["literals", z.union([z.literal(1), z.literal(3)]), 3],
  ["numbers", z.union([z.number().max(0), z.number().min(3)]), 3],
  ["both", z.intersection(z.number().min(0), z.number().max(9)), 3],
  ["native enum", z.enum({ One: 1, Three: 3 }), 3],
  ["refine", z.number().refine((value) => value !== 13, "unlucky"), 1],
  ["transform", z.number().transform((value) => (value > 5 ? "many" : "few")), 1],
])

const others: readonly Base[] = [
  ...refusing("date", [
    ["date", z.date(), day],
    ["date bounds", z.date().min(new Date("2024-01-01")).max(new Date("2024-12-31")), day],
    ["date refine", z.date().refine((date) => date.getUTCDay() !== 0, "not on Sundays"), day],
    ["date transform", z.date().transform((date) => date.getTime()), day],
  ]),
  ...refusing("boolean", [
    ["boolean", z.boolean(), true],
    ["boolean literal", z.literal(true), true],
    ["boolean refine", z.boolean().refine((flag) => flag, "has to be so"), true],
  ]),
  ...refusing("any", [
    ["custom", z.custom<string>((value) => typeof value === "string" && value.length < 4, "is no custom"), "abc"],
    ["number or text", z.union([z.number(), z.string().min(2)]), "abc"],
    ["list", z.array(z.string()), []],
    ["record", z.record(z.string(), z.number()), {}],
    ["tuple", z.tuple([z.string(), z.number().optional()]), ["x"]],
    ["object", z.object({ x: z.number().min(1), y: z.string().default("d") }), { x: 1 }],
    ["strict object", z.strictObject({ x: z.union([z.number(), z.string()]) }), { x: 1 }],
    ["list of objects", z.array(z.looseObject({ x: z.number() })).min(1), [{ x: 1 }]],
  ]),
]

/** Properties that accept an empty cell, or would turn it into a value. */
const special: readonly Base[] = (
  [
    ["unknown", "any", z.unknown(), "x", "null"],
    ["any", "any", z.any(), "x", "null"],
    ["text or null", "text", z.union([z.string().min(3), z.null()]), "abc", "null"],
    ["number or null", "number", z.union([z.number().min(1), z.null()]), 3, "null"],
    ["literal or null", "text", z.literal(["a", null]), "a", "null"],
    ["both nullable", "number", z.intersection(z.number().nullable(), z.number().min(1).nullable()), 3, "null"],
    ["text or undefined", "text", z.union([z.string(), z.undefined()]), "x", "undefined"],
    ["null or coercion", "number", z.union([z.null(), z.coerce.number()]), 3, "null"],
    ["coercion or null", "number", z.union([z.coerce.number(), z.null()]), 3, "kept"],
    ["coercion or date or null", "date", z.union([z.coerce.date(), z.date(), z.null()]), day, "kept"],
    ["coerce.number", "number", z.coerce.number().min(1), 1, "refused"],
    ["coerce.string", "text", z.coerce.string().min(1), "x", "refused"],
    ["coerce.boolean", "boolean", z.coerce.boolean(), true, "refused"],
    ["coerce.date", "date", z.coerce.date(), day, "refused"],
    ["coercions", "any", z.union([z.coerce.number(), z.coerce.date()]), 1, "refused"],
    ["coercion or text", "any", z.union([z.coerce.number(), z.string()]), 1, "refused"],
    ["coercion or literal", "any", z.literal("x").or(z.coerce.date()), "x", "refused"],
    ["both coercions", "number", z.intersection(z.coerce.number().min(0), z.coerce.number().max(9)), 3, "refused"],
    ["piped coercion", "number", z.unknown().pipe(z.coerce.number().max(9)), 3, "refused"],
    ["coercion after nullable", "text", z.string().nullable().pipe(z.coerce.number()), "3", "refused"],
    ["piped number", "number", z.unknown().pipe(z.number().max(9)), 3, "null, needed"],
    ["preprocess", "any", z.preprocess((value) => value ?? "none", z.string()), "x", "asked"],
    ["preprocess of a coercion", "any", z.preprocess((value) => value, z.coerce.number()), 3, "asked"],
    ["preprocess by Number", "any", z.preprocess(Number, z.number().max(99)), 3, "asked"],
    ["preprocess by Date", "any", z.preprocess((value) => new Date(value as string), z.date()), day, "asked"],
    ["preprocess by Number of anything", "any", z.preprocess(Number, z.unknown()), 3, "asked or null"],
    ["preprocess by Number of a nullable", "any", z.preprocess(Number, z.number().nullable()), 3, "asked or null"],
    ["preprocess of a nullable", "any", z.preprocess((value) => value, z.string().max(3).nullable()), "x", "asked or null"],
    ["preprocess of an optional", "any", z.preprocess((value) => (value === "" ? undefined : value), z.string().optional()), "x", "asked"],
    ["transform of anything", "any", z.any().transform((value) => String(value ?? "none")), "x", "asked, needed"],
    ["transform of anything to a number", "any", z.unknown().transform(Number), "3", "asked, needed"],
  ] as const
).map(([label, kind, schema, good, fate]) => {
  const blank = fate.replace(", needed", "") as Blank
  const needed = fate.endsWith("needed") || fate === "refused"
  const takesNull = fate === "null" || fate === "kept" ? { takesNull: true as const } : {}
  return {
    label,
    kind,
    schema,
    good,
    blank,
    needed,
    ...takesNull,
    ...(/transform|after nullable|preprocess/.test(label) ? { changes: true } : {}),
  }
})

/** What users write for a property. */
export const bases: readonly Base[] = [...texts, ...numbers, ...others, ...special]

function throwAtBang(text: string): boolean {
  if (text.includes("!")) throw new Error("no bangs")
  return true
}

function addIssueAtBang(text: string, context: z.RefinementCtx): void {
  if (text.includes("!")) context.addIssue({ code: "custom", message: "no bangs", path: ["at", text.indexOf("!")] })
}

function numberOrIssue(text: string, context: z.RefinementCtx): number {
  const value = Number(text)
  if (!Number.isNaN(value)) return value
  context.addIssue({ code: "custom", message: "is no number" })
  return z.NEVER
}
