/** One promise of a contract. Register it with any test runner: `for (const { name, run } of cases) test(name, run)`. */
export interface ContractCase {
  /** The promise, as a sentence. */
  readonly name: string
  /** Rejects with an `AssertionError` of `node:assert` if the promise is broken. */
  run(): Promise<void>
}
