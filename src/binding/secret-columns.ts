import type { BoundHeader, Plan } from "../contract/plan.ts"
import { foldedKey, headerKey } from "./match-headers.ts"

/** Which columns a load keeps secret. */
export interface SecretColumnsOptions {
  /** Names in the file, in the row or in the database. */
  readonly redact?: readonly string[] | undefined
  readonly columns?: { readonly [column: string]: string | undefined } | undefined
}

/** Knows names that stand for one of the redacted columns: in the file, in the row, in the database. */
export class SecretColumns {
  readonly #names: ReadonlySet<string>
  readonly #plan: Pick<Plan, "headers"> | undefined
  readonly #renamed: readonly Names[]
  #secrets: { readonly names: ReadonlySet<string>; readonly of: number } = { names: new Set(), of: -1 }

  constructor({ redact = [], columns = {} }: SecretColumnsOptions, plan: Pick<Plan, "headers"> | undefined) {
    this.#names = new Set(redact.flatMap((name) => [name, headerKey(name), foldedKey(name)]))
    this.#plan = plan
    this.#renamed = Object.entries(columns).flatMap(([name, column]) => (column === undefined ? [] : [[name, column] as const]))
  }

  get isEmpty(): boolean {
    return this.#names.size === 0
  }

  /** A test for names. Ask for it again after each batch: columns may be found late. */
  test(): (column: string) => boolean {
    const found = this.#plan?.headers() ?? []
    if (this.#secrets.of !== found.length) this.#secrets = { names: this.#namesOf(found), of: found.length }
    const { names } = this.#secrets
    return (column) => names.has(column) || this.#isNamed(column)
  }

  #namesOf(found: readonly BoundHeader[]): ReadonlySet<string> {
    const pairs: readonly Names[] = [
      ...this.#renamed,
      ...found.flatMap(([column, header]) => (header === null ? [] : [[column, header] as const])),
    ]
    const secret = new Set<string>()
    // A header leads to a row column, and that to another one or to a database column.
    for (let before = -1; before < secret.size; ) {
      before = secret.size
      for (const pair of pairs) if (pair.some((name) => secret.has(name) || this.#isNamed(name))) for (const name of pair) secret.add(name)
    }
    return secret
  }

  #isNamed(name: string): boolean {
    return this.#names.has(name) || this.#names.has(headerKey(name)) || this.#names.has(foldedKey(name))
  }
}

/** Two names of one column. */
type Names = readonly [string, string]
