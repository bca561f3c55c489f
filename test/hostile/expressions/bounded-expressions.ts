/**
 * Literals that may take more than linear time, but on texts whose length other code limits. `by` is that code in the same file; without it the
 * test fails.
 */
export const boundedExpressions: { readonly [place: string]: { readonly by: string; readonly why: string } } = {
  "parsers/parquet/leaf-type.ts /0+$/": { by: 'padStart(digits, "0")', why: "the fraction of a second has nine digits" },
  "parsers/header/header-names.ts /(?:(?!\\u200c|\\u200d|\\p{VS})[ \\p{DI}])+$/u": {
    by: ".slice(0, longestLook)",
    why: "at most 1,024 characters of a header are read",
  },
  "postgres/sql/quoted-names.ts /^_+|_+$/g": {
    by: '.replace(/(?:[^\\p{L}\\p{N}]|[\\u115f\\u1160\\u3164\\uffa0])+/gu, "_")',
    why: "an earlier expression has joined runs of underscores",
  },
}
