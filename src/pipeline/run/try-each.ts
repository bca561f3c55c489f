/** Acts on each item even if some fail, and then throws the first failure. */
export async function tryEach<T>(all: readonly T[], act: (one: T) => unknown): Promise<void> {
  let failure: { readonly error: unknown } | undefined
  for (const one of all) {
    try {
      await act(one)
    } catch (error) {
      failure ??= { error }
    }
  }
  if (failure !== undefined) throw failure.error
}
