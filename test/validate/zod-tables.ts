import fc from "fast-check"
import { z } from "zod"
import { objectForms } from "./zod-forms.ts"
import { type Sketch, schemaOf } from "./zod-oracle.ts"
import { type Property, properties, textCells } from "./zod-properties.ts"

/** A schema of an object and the rows that it judges. */
export interface ZodTable {
  /** Which form and properties it has, for people. */
  readonly label: string
  readonly sketch: Sketch
  /** The cells by row. A key that is in no row is a column that the table lacks. */
  readonly rows: readonly { readonly [name: string]: unknown }[]
}

/** The column of the last one is renamed by parsers. */
export const columnNames = ["a", "b", "constructor"] as const

/** Tables of texts, numbers, booleans and nested values. */
export function zodTables(cells: fc.Arbitrary<unknown> = textCells): fc.Arbitrary<ZodTable> {
  return fc.integer({ min: 1, max: 3 }).chain((width) =>
    fc
      .record({
        form: fc.constantFrom(...Object.entries(objectForms)),
        given: fc.array(properties, { minLength: width, maxLength: width }),
        cells: fc.array(fc.array(cells, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }),
        lacking: fc.option(fc.nat({ max: width - 1 }), { freq: 10 }),
      })
      .map(({ form: [name, form], given, cells, lacking }) => ({
        label: `${name}: ${given.map(({ label }) => label).join()}`,
        sketch: { form, properties: Object.fromEntries(given.map((property, at) => [columnNames[at], property])) },
        rows: cells.map((row) => Object.fromEntries(row.flatMap((cell, at) => (at === lacking ? [] : [[columnNames[at], cell]])))),
      })),
  )
}

/** Whether the table lacks a column that its schema needs. */
export function lacksColumn({ sketch, rows }: ZodTable): boolean {
  return Object.entries(sketch.properties).some(([name, { needed }]) => needed && rows.every((row) => !Object.hasOwn(row, name)))
}

/** A union of objects and the rows that it judges. */
export interface ZodUnion {
  readonly label: string
  readonly schema: z.ZodType
  readonly variants: readonly Sketch[]
  /** Whether the column `kind` says which object a row is. */
  readonly discriminated: boolean
  readonly rows: readonly { readonly [name: string]: unknown }[]
}

const variantForms = ["plain", "loose", "strict", "refined", "superRefined"] as const

/** Unions of two or three objects that share columns, with the column `n` in each. */
export function zodUnions(cells: fc.Arbitrary<unknown>): fc.Arbitrary<ZodUnion> {
  const shape = fc.dictionary(fc.constantFrom("a", "b", "c"), properties, { minKeys: 1, noNullPrototype: true })
  const variant = fc.record({ form: fc.constantFrom(...variantForms), properties: shape })
  const row = fc.record({
    kind: fc.constantFrom("kind 0", "kind 0", "kind 1", "kind 1", "kind 2", "other", null),
    a: cells,
    b: cells,
    c: cells,
  })
  return fc
    .record({
      given: fc.array(variant, { minLength: 2, maxLength: 3 }),
      discriminated: fc.boolean(),
      wrapped: fc.boolean(),
      rows: fc.array(row, { minLength: 1, maxLength: 6 }),
    })
    .map(({ given, discriminated, wrapped, rows }) => {
      const variants = given.map(({ form, properties }, at): Sketch => {
        const kind: Property = { ...textProperty, label: `kind ${at}`, schema: z.literal(`kind ${at}`) }
        const own = { ...(discriminated ? { kind } : {}), n: textProperty, ...properties }
        const made = objectForms[form]
        if (made === undefined) throw new Error(`no form ${form}`)
        // Each object judges whole rows, and a strict one minds the columns of the others.
        return { form: { ...made, whole: true, takesOthers: made.takesOthers || form === "strict" }, properties: own }
      })
      const [one, two, ...more] = variants.map(schemaOf)
      if (one === undefined || two === undefined) throw new Error("a union has two objects")
      const options = [one, two, ...more] as const
      const union = discriminated ? z.discriminatedUnion("kind", options as never) : z.union(options)
      const labels = given.map(({ form, properties }) => `${form} ${Object.values(properties).map(({ label }) => label)}`)
      return {
        label: `${discriminated ? "discriminated" : "plain"} union of ${labels.join(" | ")}`,
        schema: wrapped ? z.lazy(() => union.refine(() => true).check(() => undefined)) : union,
        variants,
        discriminated,
        rows: rows.map((cells) => (discriminated ? cells : withoutKind(cells))),
      }
    })
}

/** A required text. */
export const textProperty: Property = { label: "text", schema: z.string(), kind: "text", blank: "null", needed: true, catches: false }

function withoutKind({ a, b, c }: { readonly [name: string]: unknown }): { readonly [name: string]: unknown } {
  return { a, b, c }
}
