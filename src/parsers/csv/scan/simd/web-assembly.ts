/** The part of WebAssembly that is used; the type libraries of a Node project do not declare it. */
export interface WebAssemblyEngine {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: { readonly [name: string]: unknown } }
  readonly Memory: new (size: { readonly initial: number }) => WebAssemblyMemory
}

export interface WebAssemblyMemory {
  /** Another buffer after `grow`. */
  readonly buffer: ArrayBuffer
  grow(pages: number): number
}

/** Undefined where Node runs without a compiler. */
export const webAssembly = (globalThis as { readonly WebAssembly?: WebAssemblyEngine }).WebAssembly
