/** The part of WebAssembly that the scanner uses. The type libraries of a Node project do not declare it. */
export interface WebAssemblyEngine {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: { readonly [name: string]: unknown } }
  readonly Memory: new (size: { readonly initial: number }) => WebAssemblyMemory
}

export interface WebAssemblyMemory {
  /** `grow` replaces the buffer. */
  readonly buffer: ArrayBuffer
  grow(pages: number): number
}

/** Undefined if Node runs without a compiler. */
export const webAssembly = (globalThis as { readonly WebAssembly?: WebAssemblyEngine }).WebAssembly
