import { secondsOf } from '#core/model/instant.ts'

import type { Verdict } from '../alliance/open-cities.ts'

/** Something that a city has made known: from when on it may be believed, and from when on whoever has looked there must know it. Milliseconds. */
interface Fact {
  readonly city: string
  readonly asked: number
  /** Undefined until the city has said that it is done. */
  done?: number | undefined
}

/** A record that a city has acknowledged. */
export interface Issued {
  readonly city: string
  readonly record: string
  readonly number: string
  text?: string | undefined
  /** Of the request to revoke it. */
  revocation?: (Fact & { readonly key: string }) | undefined
}

export interface Exhibit {
  readonly kind: 'issued' | 'spoilt' | 'forged'
  readonly city: string
  readonly kid: string
  /** What it says of itself, in seconds. */
  readonly iat: number
  readonly issued?: Issued | undefined
}

/** An index of trust files is kept for a second, and so is what a process has read of its own store. */
const slack = 1500
/** Clocks of whole seconds. */
const leeway = 1

/**
 * Remembers what was acknowledged and who has looked where since, and says of a verdict whether it could be given. It knows nothing of how a
 * verdict is made, and never asks the node that is judged.
 */
export interface Oracle {
  theft?: (Fact & { readonly kid: string; /** Seconds. */ readonly since: number }) | undefined
  /** `city` has adopted the list; `who` is out. */
  departure?: (Fact & { readonly who: string }) | undefined
  /** The node has looked at these cities, and began at that instant. */
  readonly looked: (node: string, cities: readonly string[], began: number) => void
  /** What is wrong with the answer, if anything is. @param began when it was asked for, milliseconds */
  readonly fault: (node: string, exhibit: Exhibit, verdict: Pick<Verdict, 'answer' | 'logged'>, began: number) => string | undefined
  /** The one answer that there is when everybody knows everything. */
  readonly settled: (node: string, exhibit: Exhibit, verdict: Pick<Verdict, 'logged'>) => 'yes' | 'other'
}

export function openOracle(): Oracle {
  const seen = new Map<string, number>()
  const knows = (node: string, { city, done }: Fact, began: number): boolean =>
    done !== undefined && (node === city ? began : (seen.get(`${node} ${city}`) ?? 0)) >= done + slack

  const oracle: Oracle = {
    looked: (node, cities, began) => {
      for (const city of cities) seen.set(`${node} ${city}`, Math.max(seen.get(`${node} ${city}`) ?? 0, began))
    },
    fault: (node, exhibit, verdict, began) => {
      const known = (fact: Fact): boolean => knows(node, fact, began)
      if (verdict.answer === 'yes') return whyNotYes(oracle, node, exhibit, verdict, known)
      return verdict.answer === 'no' && exhibit.kind === 'issued' ? whyNotNo(oracle, exhibit, verdict) : undefined
    },
    settled: (node, exhibit, verdict) => (whyNotYes(oracle, node, exhibit, verdict, () => true) === undefined ? 'yes' : 'other'),
  }
  return oracle
}

/** By when it stood in the log as others saw it, as far as that can be: not before it was signed. */
const loggedOf = ({ iat }: Exhibit, { logged }: Pick<Verdict, 'logged'>): number | undefined => {
  const at = logged === undefined ? undefined : secondsOf(logged.at)
  return at === undefined || at < iat - leeway ? undefined : at
}

function whyNotYes(
  { theft, departure }: Pick<Oracle, 'theft' | 'departure'>,
  node: string,
  exhibit: Exhibit,
  verdict: Pick<Verdict, 'logged'>,
  known: (fact: Fact) => boolean,
): string | undefined {
  const { kind, city, kid, issued } = exhibit
  if (kind === 'spoilt') return 'nobody signed it'
  if (issued?.revocation !== undefined && known(issued.revocation)) return 'revoked'
  if (theft?.kid === kid && known(theft)) {
    const logged = kind === 'forged' ? undefined : loggedOf(exhibit, verdict)
    if (logged === undefined || logged >= theft.since) return 'signed with the stolen key, and not in the log before the theft'
  }
  // A city goes on believing itself.
  if (departure?.who === city && node !== city && known(departure)) return 'its city has left'
  return undefined
}

function whyNotNo({ theft, departure }: Pick<Oracle, 'theft' | 'departure'>, exhibit: Exhibit, verdict: Pick<Verdict, 'logged'>): string | undefined {
  const { city, kid, issued } = exhibit
  if (issued?.revocation !== undefined || departure?.who === city) return undefined
  if (theft?.kid === kid) {
    const logged = loggedOf(exhibit, verdict)
    if (logged === undefined || logged >= theft.since) return undefined
  }
  return 'nothing was ever said against it'
}
