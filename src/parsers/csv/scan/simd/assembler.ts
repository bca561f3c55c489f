/**
 * The few WebAssembly instructions that the scanner needs, as functions that return bytes. A program reads like the text format and needs no
 * build step; the engine validates it when it compiles the module.
 */
export type Code = readonly (number | Code | Nest | Jump)[]

/** Names a block or a loop, so that a branch does not have to count nesting levels. */
export class Label {}

/** Everything from `opcode` to its `end`. */
interface Nest {
  readonly label: Label
  readonly body: Code
}

/** A branch to an enclosing label. */
interface Jump {
  readonly opcode: number
  readonly to: Label
}

const voidType = 0x40
const i32Type = 0x7f
const v128Type = 0x7b

function unsigned(value: number): number[] {
  const bytes: number[] = []
  let rest = value >>> 0
  do {
    const low = rest & 0x7f
    rest >>>= 7
    bytes.push(rest === 0 ? low : low | 0x80)
  } while (rest !== 0)
  return bytes
}

function signed(value: number): number[] {
  const bytes: number[] = []
  for (let rest = value; ; ) {
    const low = rest & 0x7f
    rest >>= 7
    const last = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)
    bytes.push(last ? low : low | 0x80)
    if (last) return bytes
  }
}

/** An `i32` or `v128` local or parameter, by its index. */
export interface Local {
  readonly get: Code
  set(value: Code): Code
  /** Sets the local and leaves the value on the stack. */
  tee(value: Code): Code
}

export function local(index: number): Local {
  return {
    get: [0x20, unsigned(index)],
    set: (value) => [value, 0x21, unsigned(index)],
    tee: (value) => [value, 0x22, unsigned(index)],
  }
}

export const i32 = (value: number): Code => [0x41, signed(value)]
const binary =
  (opcode: number) =>
  (a: Code, b: Code): Code => [a, b, opcode]
export const eq = binary(0x46)
export const ne = binary(0x47)
export const geUnsigned = binary(0x4f)
export const add = binary(0x6a)
export const sub = binary(0x6b)
export const mul = binary(0x6c)
export const and = binary(0x71)
export const or = binary(0x72)
export const xor = binary(0x73)
export const shiftLeft = binary(0x74)
export const shiftRightUnsigned = binary(0x76)
export const isZero = (a: Code): Code => [a, 0x45]
export const trailingZeros = (a: Code): Code => [a, 0x68]
export const countOnes = (a: Code): Code => [a, 0x69]

export const loadByte = (address: Code, offset = 0): Code => [address, 0x2d, 0, unsigned(offset)]
export const store = (address: Code, value: Code, offset = 0): Code => [address, value, 0x36, 2, unsigned(offset)]
export const load = (address: Code, offset = 0): Code => [address, 0x28, 2, unsigned(offset)]

const simd = (opcode: number): Code => [0xfd, unsigned(opcode)]
export const loadVector = (address: Code): Code => [address, simd(0x00), 0, 0]
export const splatByte = (value: Code): Code => [value, simd(0x0f)]
export const equalBytes = (a: Code, b: Code): Code => [a, b, simd(0x23)]
export const orVectors = (a: Code, b: Code): Code => [a, b, simd(0x50)]
/** One bit for each byte, set if the byte's highest bit is. */
export const bitsOfBytes = (a: Code): Code => [a, simd(0x64)]

/** A branch to the label of a block leaves it. */
export const block = (label: Label, ...body: Code): Code => [0x02, voidType, { label, body }]
/** A branch to the label of a loop repeats it. Without a branch, the loop ends. */
export const loop = (label: Label, ...body: Code): Code => [0x03, voidType, { label, body }]
export const when = (condition: Code, ...body: Code): Code => [condition, 0x04, voidType, { label: new Label(), body }]
export const branch = (to: Label): Code => [{ opcode: 0x0c, to }]
export const branchIf = (condition: Code, to: Label): Code => [condition, { opcode: 0x0d, to }]

function flatten(code: Code, into: number[] = [], around: readonly Label[] = []): number[] {
  for (const part of code) {
    if (typeof part === "number") into.push(part)
    else if ("to" in part) into.push(part.opcode, ...unsigned(around.indexOf(part.to)))
    else if ("body" in part) flatten([part.body, 0x0b], into, [part.label, ...around])
    else flatten(part, into, around)
  }
  return into
}

const sized = (bytes: number[]): number[] => [...unsigned(bytes.length), ...bytes]
const section = (id: number, ...content: Code): number[] => [id, ...sized(flatten(content))]
const text = (value: string): number[] => sized([...Buffer.from(value)])

/** Assembles a module that imports `env.memory` and exports one function, which takes `i32` parameters and returns nothing. */
export function assembleModule(
  name: string,
  parameters: number,
  i32Locals: number,
  v128Locals: number,
  body: Code,
): Uint8Array<ArrayBuffer> {
  const locals = [2, unsigned(i32Locals), i32Type, unsigned(v128Locals), v128Type]
  const type = [0x60, unsigned(parameters), new Array<number>(parameters).fill(i32Type), 0]
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, 1, type),
    ...section(2, 1, text("env"), text("memory"), 0x02, 0, 1),
    ...section(3, 1, 0),
    ...section(7, 1, text(name), 0, 0),
    ...section(10, 1, sized(flatten([locals, body, 0x0b]))),
  ])
}
