/** An object in a storage. */
export interface StoredObject {
  /** Its name in the storage. */
  readonly key: string
  /** Its version, if the storage has versions. Listings may leave it out. */
  readonly version?: string | undefined
  /** A text that changes whenever the object's content changes, if the storage has such texts. */
  readonly etag?: string | undefined
  /** Its size in bytes. */
  readonly size: number
  /** When it was written, by the storage's clock. Writes may leave it out. */
  readonly modifiedAt?: Date | undefined
}

/** Options of `Storage.read`. */
export interface StorageReadOptions {
  /** The first byte to read, from 0. Default: 0. */
  readonly start?: number | undefined
  /** The byte to stop before. Default: the object's end. */
  readonly end?: number | undefined
  /** The version to read. Default: the newest. */
  readonly version?: string | undefined
  /** The etag that the object must still have; otherwise the read fails with `SOURCE_CHANGED`. Default: any. */
  readonly etag?: string | undefined
  /** Ends the read with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** Options of `Storage.write`. */
export interface StorageWriteOptions {
  /** Whether to leave an object that exists under this key alone. Of several writers, exactly one succeeds. Default: false, the object is replaced. */
  readonly unlessExists?: boolean | undefined
  /** Ends the write with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** Options of `Storage.list`. */
export interface StorageListOptions {
  /** Lists only keys that come after this one. Default: all. */
  readonly after?: string | undefined
}

/** An object store: where the functions of a pipeline keep parts and manifests. */
export interface Storage {
  /** A name for messages. */
  readonly name: string
  /** Streams the bytes of an object, or a range of them, all of one version. Fails with `SOURCE_NOT_FOUND` if there is none. */
  read(key: string, options?: StorageReadOptions): AsyncIterable<Uint8Array>
  /**
   * Writes an object completely, or not at all. With `unlessExists`, returns undefined if another write created the object. A write that
   * succeeded returns the object even if it had to be sent twice.
   */
  write(
    key: string,
    bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    options?: StorageWriteOptions,
  ): Promise<StoredObject | undefined>
  /** Returns the newest version of an object, or undefined if there is none. */
  stat(key: string): Promise<StoredObject | undefined>
  /** Lists the objects whose keys begin with a prefix, in the order of the bytes of their keys. */
  list(prefix: string, options?: StorageListOptions): AsyncIterable<StoredObject>
  /** Removes an object, or one version of it. Succeeds if there is none. */
  remove(key: string, version?: string): Promise<void>
}
