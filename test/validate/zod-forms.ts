import { z } from "zod"

interface Shape {
  readonly [name: string]: z.ZodType
}

interface Row {
  readonly [name: string]: unknown
}

/** How an object is written. */
export interface ObjectForm {
  /** Whether rows have to go through the schema, in which null must not meet a coercion. */
  readonly whole: boolean
  /** Whether it keeps or judges columns that it does not name. */
  readonly takesOthers: boolean
  /** Whether it replaces rows that it refuses. */
  readonly catches: boolean
  make(shape: Shape): z.ZodType
}

const byColumn = { whole: false, takesOthers: false, catches: false }
const byRow = { ...byColumn, whole: true }

/** Whether a and b differ. `undefined` and null are no values. */
const differ = (row: Row) => row["a"] === undefined || row["a"] === null || row["a"] !== row["b"]
export const refinement = "a and b are the same"

/** What users write around the properties of an object. */
export const objectForms: { readonly [name: string]: ObjectForm } = {
  plain: { ...byColumn, make: (shape) => z.object(shape) },
  loose: { ...byColumn, takesOthers: true, make: (shape) => z.looseObject(shape) },
  strict: { ...byColumn, make: (shape) => z.strictObject(shape) },
  readonly: { ...byColumn, make: (shape) => z.object(shape).readonly() },
  lazy: { ...byColumn, make: (shape) => z.lazy(() => z.object(shape).brand("row")) },
  extended: {
    ...byColumn,
    make: (shape) => {
      const [[name, property] = ["n", z.string()], ...rest] = Object.entries(shape)
      return z.object({ [name]: property }).extend(Object.fromEntries(rest))
    },
  },
  picked: { ...byColumn, make: (shape) => z.object({ ...shape, more: z.number() }).omit({ more: true }) },
  refined: { ...byColumn, make: (shape) => z.object(shape).refine(differ, refinement) },
  "refined twice": {
    ...byColumn,
    make: (shape) =>
      z
        .object(shape)
        .refine(() => true)
        .refine(differ, { error: () => refinement, abort: true }),
  },
  "refined with a path": { ...byColumn, make: (shape) => z.object(shape).refine(differ, { message: refinement, path: ["b", 0, "deep"] }) },
  "refined loose": { ...byColumn, takesOthers: true, make: (shape) => z.looseObject(shape).refine(differ, refinement) },
  "refined when": {
    ...byColumn,
    make: (shape) => z.object(shape).refine(differ, { error: refinement, when: ({ issues }) => issues.length === 0 }),
  },
  superRefined: {
    ...byColumn,
    make: (shape) =>
      z.object(shape).superRefine((row, context) => {
        if (!differ(row)) context.addIssue({ code: "custom", message: refinement, path: ["a"] })
      }),
  },
  checked: {
    ...byColumn,
    make: (shape) =>
      z.object(shape).check(({ value, issues }) => {
        if (!differ(value)) issues.push({ code: "custom", input: value, message: refinement })
      }),
  },
  asynchronous: { ...byColumn, make: (shape) => z.object(shape).refine(async (row) => differ(row), refinement) },
  "refined readonly": { ...byRow, make: (shape) => z.object(shape).readonly().refine(differ, refinement) },
  catchall: { ...byRow, takesOthers: true, make: (shape) => z.object(shape).catchall(z.string().max(3)) },
  transformed: {
    ...byRow,
    make: (shape) => z.object(shape).transform((row: Row) => ({ ...row, b: undefined, made: String(row["a"] ?? "") })),
  },
  piped: { ...byRow, make: (shape) => z.object(shape).pipe(z.looseObject({})) },
  overwritten: { ...byRow, make: (shape) => z.object(shape).overwrite((row) => ({ ...row })) },
  caught: { ...byRow, catches: true, make: (shape) => z.object(shape).catch({ caught: true } as never) },
  intersected: {
    ...byRow,
    make: (shape) =>
      z.intersection(
        z.object(shape),
        z.object({}).refine(() => true),
      ),
  },
}
