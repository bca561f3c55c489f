/** An object in a storage. */
export interface StoredObject {
  readonly key: string
  readonly version?: string
  /** Bytes. */
  readonly size: number
}

/** Objects by key: where stages, archives and reports keep bytes. */
export interface Storage {
  readonly name: string
  read(key: string, range?: { readonly start: number; readonly end?: number }): AsyncIterable<Uint8Array>
  write(key: string, bytes: AsyncIterable<Uint8Array>): Promise<{ readonly version?: string; readonly size: number }>
  list(prefix: string): AsyncIterable<StoredObject>
  remove(key: string, version?: string): Promise<void>
}
