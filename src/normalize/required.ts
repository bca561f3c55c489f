import { type ColumnNormalizer, columnNormalizer, isColumnNormalizer, type Normalizer } from "./normalizer.ts"

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
  return Object.assign(Object.create(normalizer), { required: true }) as Normalizer<NonNullable<V>>
}

/** Whether `required` was put around a normalizer. */
export function isRequired(normalizer: Normalizer<unknown>): boolean {
  return "required" in normalizer && normalizer.required === true
}
