/** Whether a row is null. Without bits, no row is. */
export function isNull(nulls: Uint8Array | undefined, row: number): boolean {
  return nulls !== undefined && ((nulls[row >> 3] as number) & (1 << (row & 7))) !== 0
}
