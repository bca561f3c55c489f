/** Whether a row's bit is set. Undefined: no row is null. */
export function isNull(nulls: Uint8Array | undefined, row: number): boolean {
  return nulls !== undefined && ((nulls[row >> 3] as number) & (1 << (row & 7))) !== 0
}
