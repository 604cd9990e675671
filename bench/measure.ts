/** What one operation costs, in microseconds, by round. */
export interface Cost {
  /** CPU time of this whole process, garbage collection and helper threads included. */
  readonly cpu: readonly number[]
  readonly wall: readonly number[]
}

/** Carries out an operation so many times. */
export type Contender = (times: number) => void | Promise<void>

export const rounds = 5
const slicesOfRound = 8
/** Long enough for the clock, short enough that a neighbour's burst of work hits every contender alike. Microseconds of wall time. */
const sliceLength = 25_000

/**
 * Measures contenders side by side: every round is cut into slices and every slice runs each of them once, so that whatever else the machine
 * does falls on all alike. Ratios between costs of one call mean something; the costs themselves are only this machine's, today.
 */
export async function interleave<Name extends string>(contenders: Readonly<Record<Name, Contender>>): Promise<Readonly<Record<Name, Cost>>> {
  const names = Object.keys(contenders) as Name[] // its own keys
  const times = new Map<Name, number>()
  for (const name of names) times.set(name, await timesOfSlice(contenders[name]))
  const costs = Object.fromEntries(names.map((name) => [name, { cpu: [] as number[], wall: [] as number[] }])) as Record<
    Name,
    { cpu: number[]; wall: number[] }
  > // the same keys
  for (let round = 0; round < rounds; round++) {
    const spent = new Map(names.map((name) => [name, { cpu: 0, wall: 0 }]))
    for (let slice = 0; slice < slicesOfRound; slice++)
      for (let turn = 0; turn < names.length; turn++) {
        const name = names[(turn + slice) % names.length]!
        const { cpu, wall } = await clocked(async () => {
          await contenders[name](times.get(name)!)
          sweep()
        })
        const sum = spent.get(name)!
        sum.cpu += cpu
        sum.wall += wall
      }
    for (const [name, { cpu, wall }] of spent) {
      const operations = times.get(name)! * slicesOfRound
      costs[name].cpu.push(cpu / operations)
      costs[name].wall.push(wall / operations)
    }
  }
  return costs
}

/** Everybody pays for their own garbage, and not for that of whoever ran before. Works where node was started with `--expose-gc`. */
const sweep = (): void => globalThis.gc?.({ type: 'minor' })

/** Warms the contender up, and finds how often it runs in a slice. */
async function timesOfSlice(contender: Contender): Promise<number> {
  for (let times = 1; ; times *= 2) {
    const { wall } = await clocked(() => contender(times))
    // Twice over: the first long run is partly the compiler's.
    if (wall > sliceLength * 4) return Math.max(1, Math.round((times * sliceLength) / (await clocked(() => contender(times))).wall))
  }
}

/** Microseconds of CPU and wall time that a piece of work takes in this process. */
export async function clocked(work: () => void | Promise<void>): Promise<{ readonly cpu: number; readonly wall: number }> {
  const from = performance.now()
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return { cpu: user + system, wall: (performance.now() - from) * 1000 }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}

export const quantile = (sorted: readonly number[], share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!

/** How the rate of one stands to the rate of another: the median of the rounds' ratios, since the rounds are what the neighbours disturb. */
export const rateAgainst = (ours: readonly number[], other: readonly number[]): number => median(ours.map((cost, round) => other[round]! / cost))
