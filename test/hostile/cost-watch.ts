/** What a hostile file may cost (target C4). */
export const allowed = { cpuMs: 2_000, grownBytes: 64 * 1024 * 1024, blockedMs: 200 }

/** What reading a file cost the process that read it. */
export interface Cost {
  /** Processor time of the process, in ms: wall time would measure what else the machine does. Times are scaled to the machine of `knownMs`. */
  readonly cpuMs: number
  /** Most that the process grew by, in bytes. */
  readonly grownBytes: number
  /** Longest time that the event loop was held up, in ms: of the processor time of a turn, and of its wall time, the lesser. */
  readonly blockedMs: number
}

/** What a reading costs too much; empty where it does not. `honestBytes`: what the process grows by when it reads an honest file of that size. */
export function excesses(cost: Cost, honestBytes = 0): string[] {
  const most = { ...allowed, grownBytes: allowed.grownBytes + honestBytes }
  const measures = ["cpuMs", "grownBytes", "blockedMs"] as const
  return measures.filter((each) => cost[each] > most[each]).map((each) => `${each} is ${Math.round(cost[each])}, over ${most[each]}`)
}

/** Of two readings of a file, the least of each: a busy machine makes what is measured too high, and never too low. */
export function lesserCost(one: Cost, other: Cost): Cost {
  return {
    cpuMs: Math.min(one.cpuMs, other.cpuMs),
    grownBytes: Math.min(one.grownBytes, other.grownBytes),
    blockedMs: Math.min(one.blockedMs, other.blockedMs),
  }
}

const turnMs = 5

/** Watches what the process costs from here until it is asked. */
export function watchCost(): () => Promise<Cost> {
  globalThis.gc?.()
  const before = process.memoryUsage.rss()
  const peakBefore = process.resourceUsage().maxRSS
  const begun = cpuMs()
  let most = before
  let blockedMs = 0
  let turn = { wall: performance.now(), cpu: begun }
  const timer = setInterval(() => {
    const next = { wall: performance.now(), cpu: cpuMs() }
    blockedMs = Math.max(blockedMs, Math.min(next.wall - turn.wall, next.cpu - turn.cpu) - turnMs)
    turn = next
    most = Math.max(most, process.memoryUsage.rss())
  }, turnMs)
  return async () => {
    const spent = cpuMs() - begun
    // The loop comes round once more, so that a block at the very end is seen, and handles that close are closed.
    await new Promise((resolve) => setTimeout(resolve, 4 * turnMs))
    clearInterval(timer)
    const peak = process.resourceUsage().maxRSS
    if (peak > peakBefore) most = Math.max(most, peak * 1024)
    const isOver = spent > allowed.cpuMs || blockedMs > allowed.blockedMs
    const slowness = isOver ? machineSlowness() : 1
    return { cpuMs: spent / slowness, grownBytes: most - before, blockedMs: blockedMs / slowness }
  }
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** Processor time that `knownWork` takes on the machine that the limits are for, an idle one of 2026. */
const knownMs = 11
/** A machine that is slower yet is not believed. */
const mostSlowness = 3

/**
 * How much more processor time the machine takes than that one, at this moment: cores that share caches and memory with busy ones are half as
 * fast. Asked for only where a limit is passed.
 */
function machineSlowness(): number {
  const times = Array.from({ length: 6 }, () => {
    const begun = cpuMs()
    knownWork()
    return cpuMs() - begun
  })
  return Math.min(mostSlowness, Math.max(1, Math.min(...times) / knownMs))
}

/** Makes objects and compares texts, as parsers do. */
function knownWork(): number {
  const made = Array.from({ length: 60_000 }, (_, at) => ({ key: `k${at}`, cells: [at, at + 1] }))
  return made.sort((one, other) => (one.key < other.key ? -1 : 1)).length
}
