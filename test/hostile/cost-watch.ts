/** What a hostile file may cost. */
export const allowed = { cpuMs: 2_000, grownBytes: 64 * 1024 * 1024, blockedMs: 200 }

/** What reading a file cost its process. */
export interface Cost {
  /** The CPU time of the process in ms, scaled to the machine of `knownMs`. Wall time would depend on what else the machine does. */
  readonly cpuMs: number
  /** The most that the process grew, in bytes. */
  readonly grownBytes: number
  /** The longest time that the event loop was blocked, in ms: the shorter of a turn's CPU time and wall time. */
  readonly blockedMs: number
}

/** The limits that a reading exceeds. `honestBytes`: how much the process grows when it reads an honest file of the same size. */
export function excesses(cost: Cost, honestBytes = 0): string[] {
  const most = { ...allowed, grownBytes: allowed.grownBytes + honestBytes }
  const measures = ["cpuMs", "grownBytes", "blockedMs"] as const
  return measures.filter((each) => cost[each] > most[each]).map((each) => `${each} is ${Math.round(cost[each])}, over ${most[each]}`)
}

/** The smaller of two readings of a file, for each measure: a busy machine makes measurements too high, and never too low. */
export function lesserCost(one: Cost, other: Cost): Cost {
  return {
    cpuMs: Math.min(one.cpuMs, other.cpuMs),
    grownBytes: Math.min(one.grownBytes, other.grownBytes),
    blockedMs: Math.min(one.blockedMs, other.blockedMs),
  }
}

const turnMs = 5

/** Measures the cost of the process from here until the returned function is called. */
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
    // Lets the loop turn once more, so that a block at the very end is seen and closing handles close.
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

/** The CPU time that `knownWork` takes on the machine that the limits are for, an idle one of 2026. */
const knownMs = 11
/** The greatest slowdown that is accepted. */
const mostSlowness = 3

/**
 * How much more CPU time this machine takes at the moment: cores that share caches and memory with busy ones are half as fast. Measured only if
 * a limit is exceeded.
 */
function machineSlowness(): number {
  const times = Array.from({ length: 6 }, () => {
    const begun = cpuMs()
    knownWork()
    return cpuMs() - begun
  })
  return Math.min(mostSlowness, Math.max(1, Math.min(...times) / knownMs))
}

/** Creates objects and compares texts, as parsers do. */
function knownWork(): number {
  const made = Array.from({ length: 60_000 }, (_, at) => ({ key: `k${at}`, cells: [at, at + 1] }))
  return made.sort((one, other) => (one.key < other.key ? -1 : 1)).length
}
