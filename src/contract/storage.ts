/** An object in a storage. */
export interface StoredObject {
  /** Its name in the storage. */
  readonly key: string
  /** Its version, if the storage has versions. */
  readonly version?: string
  /** Its size in bytes. */
  readonly size: number
}

/** An object store: where stages, archives and reports keep bytes. */
export interface Storage {
  /** A name for messages. */
  readonly name: string
  /** Streams the bytes of an object, or a range of them. */
  read(key: string, range?: { readonly start: number; readonly end?: number }): AsyncIterable<Uint8Array>
  /** Writes an object completely, or not at all. */
  write(key: string, bytes: AsyncIterable<Uint8Array>): Promise<{ readonly version?: string; readonly size: number }>
  /** Lists the objects whose keys begin with a prefix. */
  list(prefix: string): AsyncIterable<StoredObject>
  /** Removes an object, or one version of it. */
  remove(key: string, version?: string): Promise<void>
}
