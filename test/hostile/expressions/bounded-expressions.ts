/**
 * Literals that may take more than linear time, on texts whose length something else bounds: the code that does, in the file of the literal.
 * Whoever takes that code away fails the test.
 */
export const boundedExpressions: { readonly [place: string]: { readonly by: string; readonly why: string } } = {
  "parsers/parquet/leaf-type.ts /0+$/": { by: 'padStart(digits, "0")', why: "the nine digits of a second's fraction" },
  "postgres/sql/quoted-names.ts /^_+|_+$/g": {
    by: '.replace(/[^\\p{L}\\p{N}]+/gu, "_")',
    why: "runs of underscores were made one before",
  },
}
