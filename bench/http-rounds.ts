import { load, type Seen } from './load.ts'
import { median, quantile, rounds } from './measure.ts'
import type { ServerProcess } from './server-process.ts'

/** A server under a load, by round. */
export interface Loaded {
  /** Microseconds of the server's CPU time a request. */
  readonly cpu: readonly number[]
  /** Microseconds of wall time a request, of all connections together. */
  readonly wall: readonly number[]
  /** Milliseconds, of the median round. */
  readonly p50: number
  readonly p99: number
  /** Highest resident memory seen at the end of a round, in bytes. */
  readonly rss: number
}

export interface Contender {
  readonly server: ServerProcess
  readonly connections: number
  readonly next: () => Buffer | undefined
  /** How many requests a round has, or how long it lasts in milliseconds. */
  readonly round: { readonly requests: number } | { readonly milliseconds: number }
}

// What the compiler does in its own threads counts as the server's CPU time, and is over after some ten thousand requests.
export const warmingRounds = 3

/** Warming rounds, then as many as everywhere, the servers taking turns. */
export async function loadInTurns<Name extends string>(contenders: Readonly<Record<Name, Contender>>): Promise<Readonly<Record<Name, Loaded>>> {
  const names = Object.keys(contenders) as Name[] // its own keys
  const seen = new Map<Name, { readonly seen: Seen; readonly cpu: number; readonly rss: number }[]>(names.map((name) => [name, []]))
  for (let round = 0; round < warmingRounds; round++) for (const name of names) await once(contenders[name])
  for (let round = 0; round < rounds; round++) for (const name of names) seen.get(name)!.push(await once(contenders[name]))
  return Object.fromEntries(names.map((name) => [name, summary(seen.get(name)!)])) as Record<Name, Loaded> // the same keys
}

async function once({ server, connections, next, round }: Contender): Promise<{ readonly seen: Seen; readonly cpu: number; readonly rss: number }> {
  const before = await server.usage()
  const until = 'milliseconds' in round ? performance.now() + round.milliseconds : Number.POSITIVE_INFINITY
  let left = 'requests' in round ? round.requests : Number.POSITIVE_INFINITY
  const bounded = (): Buffer | undefined => (left-- > 0 && performance.now() < until ? next() : undefined)
  const seen = await load({ port: server.port, connections, next: bounded })
  const after = await server.usage()
  return { seen, cpu: after.cpu - before.cpu, rss: after.rss }
}

const summary = (all: readonly { readonly seen: Seen; readonly cpu: number; readonly rss: number }[]): Loaded => ({
  cpu: all.map(({ seen, cpu }) => cpu / seen.answered),
  wall: all.map(({ seen }) => seen.wall / seen.answered),
  p50: median(all.map(({ seen }) => quantile(seen.latencies, 0.5))),
  p99: median(all.map(({ seen }) => quantile(seen.latencies, 0.99))),
  rss: Math.max(...all.map(({ rss }) => rss)),
})
