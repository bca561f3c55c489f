/** An object in a storage. */
export interface StoredObject {
  /** Its name in the storage. */
  readonly key: string
  /** Its version, where the storage has versions. */
  readonly version?: string
  /** Bytes. */
  readonly size: number
}

/** Objects by key: where stages, archives and reports keep bytes. */
export interface Storage {
  /** For messages. */
  readonly name: string
  /** The bytes of an object, or a range of them. */
  read(key: string, range?: { readonly start: number; readonly end?: number }): AsyncIterable<Uint8Array>
  /** Writes an object, whole or not at all. */
  write(key: string, bytes: AsyncIterable<Uint8Array>): Promise<{ readonly version?: string; readonly size: number }>
  /** The objects whose keys begin so. */
  list(prefix: string): AsyncIterable<StoredObject>
  /** Removes an object, or one version of it. */
  remove(key: string, version?: string): Promise<void>
}
