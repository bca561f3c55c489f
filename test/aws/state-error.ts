/** An error of a state, by its name in the Amazon States Language. */
export class StateError extends Error {
  override readonly name: string
  override readonly cause: string

  constructor(name: string, cause: string) {
    super(`${name}: ${cause}`)
    this.name = name
    this.cause = cause
  }
}
