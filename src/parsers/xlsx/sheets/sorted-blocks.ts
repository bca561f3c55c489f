import { CellBlock } from "../cells/cell-block.ts"

/** Sorts cells by row. Blocks that are in order, as most are, are returned unchanged. Cells of one row stay in the order of the file. */
export function sortedBlocks(blocks: readonly CellBlock[]): readonly CellBlock[] {
  if (areSorted(blocks)) return blocks
  const places = blocks.flatMap((block, at) => Array.from({ length: block.length }, (_, cell) => [at, cell] as const))
  const rowOf = ([at, cell]: readonly [number, number]) => blocks[at]?.rows[cell] ?? 0
  places.sort((one, other) => rowOf(one) - rowOf(other))
  const sorted = new CellBlock(places.length)
  for (const [at, cell] of places) {
    const block = blocks[at]
    if (block !== undefined) sorted.append(block, cell)
  }
  return [sorted]
}

function areSorted(blocks: readonly CellBlock[]): boolean {
  let before = -1
  for (const block of blocks) {
    for (let cell = 0; cell < block.length; cell++) {
      const row = block.rows[cell] as number
      if (row < before) return false
      before = row
    }
  }
  return true
}
