import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

/** A column that a person has read, and the kind of its values. */
export interface LabelledColumn {
  /** A file of vega-datasets, and after `#` the JSON pointer to the table in it. */
  readonly dataset: string
  readonly column: string
  readonly kind: string
  /** Why another reader may see it otherwise. */
  readonly note?: string
}

/** The package exports only its code. Its data is next to the code. */
export const vegaData = join(dirname(fileURLToPath(import.meta.resolve("vega-datasets"))), "../data")

/** The columns of all tables of vega-datasets, labelled by a reader of the files. */
export const vegaColumns: readonly LabelledColumn[] = JSON.parse(readFileSync(new URL("golden/vega-kinds.json", import.meta.url), "utf8"))
