import { type ColumnNormalizer, columnNormalizer, isColumnNormalizer, type Normalizer, type Unreadable } from "./normalizer.ts"

/** An empty cell fails its row, at the cost of completeness. A file without the column is refused. */
export function required<V>(normalizer: Normalizer<V>): Normalizer<NonNullable<V>> {
  if (isColumnNormalizer(normalizer)) {
    const { name, produces, reader, spec } = normalizer
    const column: ColumnNormalizer<NonNullable<V>> = {
      ...columnNormalizer<NonNullable<V>>(name, produces, reader, spec),
      parse: normalizer.parse as Normalizer<NonNullable<V>>["parse"],
      required: true,
    }
    return column
  }
  const { name, produces } = normalizer
  const custom: Normalizer<NonNullable<V>> & { readonly required: true } = {
    name,
    produces,
    // Called on the normalizer itself: it may be an object with state of its own.
    parse: (cell, context) => normalizer.parse(cell, context) as NonNullable<V> | Unreadable,
    required: true,
  }
  return custom
}
