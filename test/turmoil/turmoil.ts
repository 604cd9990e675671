import { setTimeout } from 'node:timers/promises'

import { approveDraftRoute, createDraft } from '#contract/drafts.ts'
import { verifyRoute } from '#contract/public.ts'
import { changeStatusRoute, presentRecord } from '#contract/records.ts'
import { refreshTrustRoute } from '#contract/trust.ts'
import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import { Fault } from '#core/fault.ts'
import { dayOf, instantOf } from '#core/model/instant.ts'
import { writeProposal, type Proposal } from '#core/trust/proposal.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { adoptProposal } from '#registry/adopt-proposal.ts'
import { compromiseKey } from '#registry/close-key.ts'
import { holdTrust } from '#registry/held-trust.ts'
import { proveLogged } from '#registry/log/prove-logged.ts'
import { signatoryOf } from '#registry/open-signatory.ts'
import { propose } from '#registry/propose.ts'
import { rotateKey } from '#registry/rotate-key.ts'
import { signProposal } from '#registry/sign-proposal.ts'
import { findLogLeaf, listFirstCosignedOver } from '#storage/log.ts'

import { resign, takeApart } from '../support/craft-record.ts'
import { titleDraft } from '../support/examples.ts'
import { stolenIssuingKey } from '../support/issuing-signer.ts'
import { freshKey } from '../support/open-test-node.ts'
import { until } from '../support/served-node.ts'
import type { Chance } from './chance.ts'
import type { CityProcess } from './city-processes.ts'
import type { Verdict } from '../alliance/open-cities.ts'
import { openOracle, type Exhibit, type Issued } from './oracle.ts'

const request = { actor: 'cli:test' }
const alliance = 'sd-capital-circle'
/** The list of seven asks for three cosignatures; what a city cosigned on the day of its leaving counts no more, so some head should have one to spare. */
const enough = 4

/** What a holder, or somebody who says so, can show. */
export interface Shown {
  readonly exhibit: Exhibit
  readonly text: string
}

/** Counted while it happens. */
interface Counts {
  issued: number
  revoked: number
  asked: number
  looked: number
  kills: number
  acts: number
}

export type Turmoil = ReturnType<typeof openTurmoil>

/** What befalls seven cities: each deed is done once, at nodes that may die of something else meanwhile. */
export function openTurmoil(cities: readonly CityProcess[]) {
  const oracle = openOracle()
  const issued: Issued[] = []
  const forged: Shown[] = []
  /** Drafts whose approval was asked for and not answered. */
  const unanswered: { readonly city: CityProcess; readonly draft: string }[] = []
  const wrong: string[] = []
  const problems = new Map<string, number>()
  const counts: Counts = { issued: 0, revoked: 0, asked: 0, looked: 0, kills: 0, acts: 0 }
  const cityOf = (division: string): CityProcess => cities.find((city) => city.division === division)!

  const approve = async (city: CityProcess, draft: string): Promise<Issued> => {
    const { record, number } = await city.call(approveDraftRoute, { as: 'approver', key: `approve-${draft}`, params: { draft }, body: {} })
    const known: Issued = { city: city.division, record, number }
    issued.push(known)
    counts.issued++
    return known
  }
  const present = async (known: Issued): Promise<string> =>
    (known.text ??= (await cityOf(known.city).call(presentRecord, { as: 'drafter', params: { record: known.record }, body: {} })).text)

  const issue = async (city: CityProcess): Promise<Issued> => {
    const { body, personal } = titleDraft()
    const { draft } = await city.call(createDraft, { as: 'drafter', body: { family: 'title', draft: { body, personal } } as never }) // an example of the family
    let known: Issued
    try {
      known = await approve(city, draft)
    } catch (fault) {
      unanswered.push({ city, draft })
      throw fault
    }
    await present(known)
    return known
  }

  const revoke = async (known: Issued): Promise<void> => {
    known.revocation ??= { city: known.city, asked: Date.now(), key: freshKey() }
    const { key } = known.revocation
    const body = { change: 'revoked', reason: 'fraud' } as const
    await cityOf(known.city).call(changeStatusRoute, { as: 'drafter', key, params: { record: known.record }, body })
    known.revocation.done = Date.now()
    counts.revoked++
  }

  /** Twice, since the first may have joined a round that had begun before. */
  const look = async (city: CityProcess): Promise<void> => {
    const began = Date.now()
    await city.call(refreshTrustRoute, { as: 'drafter', body: {} })
    const { neighbours } = await city.call(refreshTrustRoute, { as: 'drafter', body: {} })
    const fresh = neighbours.filter(({ outcome }) => outcome === 'fresh').map(({ division }) => division)
    oracle.looked(city.division, fresh, began)
    counts.looked++
  }

  /** Of records of one city, as they would travel with them. */
  const proofsOf = (city: string, texts: readonly string[]): Promise<readonly (string | undefined)[]> =>
    cityOf(city).withRegister(async (reading) => {
      const { trust } = await holdTrust(reading)
      const proofs: (string | undefined)[] = []
      for (const text of texts) proofs.push((await proveLogged(reading, { kind: 'record', digest: digestOf(text) }, trust))?.proof)
      return proofs
    })

  /** A hundred at most. */
  const ask = async (node: CityProcess, those: readonly { readonly shown: Shown; readonly proof: string | undefined }[]): Promise<readonly Verdict[]> => {
    const began = Date.now()
    const records = those.map(({ shown: { text }, proof }) => ({ record: text, ...(proof === undefined ? {} : { proof }) }))
    const reply = await node.call(verifyRoute, { as: 'drafter', body: { records } })
    if (!('verdicts' in reply)) throw new Error('as many verdicts as records')
    for (const [index, verdict] of reply.verdicts.entries()) {
      const { exhibit } = those[index]!.shown
      const fault = oracle.fault(node.division, exhibit, verdict, began)
      if (fault !== undefined) wrong.push(`${node.division} said ${verdict.answer} of a record of ${exhibit.city} (${exhibit.kind}): ${fault}`)
    }
    counts.asked += those.length
    return reply.verdicts
  }

  const shown = (known: Issued): Shown => ({ exhibit: exhibitOf('issued', known.text!, known), text: known.text! })

  /** Asks a node of a record, a spoilt one or a forged one, with its proof or without. */
  const askAny = async (chance: Chance): Promise<void> => {
    const node = chance.one(cities)
    const those = issued.filter(({ text }) => text !== undefined)
    if (those.length === 0) return
    const kind = chance.next()
    const known = chance.one(those)
    const text = known.text!
    if (kind < 0.15) await ask(node, [{ shown: { exhibit: exhibitOf('spoilt', text), text: spoilt(text) }, proof: undefined }])
    else if (kind < 0.3 && forged.length > 0) await ask(node, [{ shown: chance.one(forged), proof: undefined }])
    else await ask(node, [{ shown: shown(known), proof: chance.next() < 0.6 ? (await proofsOf(known.city, [text]))[0] : undefined }])
  }

  /** Officers and verifiers at work, until told to stop. */
  const work = async (chance: Chance, stopped: () => boolean): Promise<void> => {
    while (!stopped()) {
      await setTimeout(chance.between(20, 160))
      const what = chance.next()
      try {
        if (what < 0.3) await issue(chance.one(cities))
        else if (what < 0.4) {
          const open = issued.filter(({ text, revocation }) => text !== undefined && revocation === undefined)
          if (open.length > 0) await revoke(chance.one(open))
        } else if (what < 0.5) await look(chance.one(cities))
        else await askAny(chance)
      } catch (fault) {
        if (!(fault instanceof Fault)) throw fault
        problems.set(fault.code, (problems.get(fault.code) ?? 0) + 1)
      }
    }
  }

  const killAndRestart = async (chance: Chance, stopped: () => boolean): Promise<void> => {
    while (!stopped()) {
      await setTimeout(chance.between(1000, 4000))
      const dying = chance.shuffled(cities.filter(({ isUp }) => isUp())).slice(0, chance.next() < 0.3 ? 2 : 1)
      await Promise.all(dying.map((city) => city.kill()))
      counts.kills += dying.length
      await setTimeout(chance.between(0, 1500))
      await Promise.all(dying.map((city) => city.start()))
    }
  }

  /** Until it has been done: its node may be dead, or not yet have taken up its new key. */
  const surely = <Found>(what: string, work: () => Promise<Found>): Promise<Found> =>
    until(
      what,
      () =>
        work().catch((fault: unknown) => {
          if (fault instanceof Fault) return undefined
          throw fault
        }),
      { every: 300 },
    )
  const logged = (known: Issued): Promise<unknown> =>
    surely('a cosigned head', () =>
      cityOf(known.city).withRegister(async ({ store: { read } }) => {
        const leaf = await findLogLeaf(read, { kind: 'record', digest: digestOf(known.text!) })
        const over = leaf === undefined ? [] : await listFirstCosignedOver(read, { index: leaf.index, least: enough, within: 4096, limit: 1 })
        return over.length > 0 ? true : undefined
      }),
    )

  const rotate = async (city: CityProcess): Promise<void> => {
    await city.withOffice((office) => rotateKey(office, request, 'issue'))
    counts.acts++
  }

  /** Somebody has the city's issuing key and signs with it, while the city does, too; after a while the city finds out. */
  const steal = async (city: CityProcess): Promise<readonly Issued[]> => {
    const honest = [await surely('a record', () => issue(city)), await surely('a record', () => issue(city))]
    for (const known of honest) await logged(known)
    const thief = await city.withOffice(stolenIssuingKey)
    const since = Math.floor(Date.now() / 1000) + 1
    await setTimeout(2000)
    const forge = (iat: number): void => {
      const text = resign(honest[0]!.text!, thief, { payload: { iat, number: `F${forged.length}` } })
      forged.push({ text, exhibit: exhibitOf('forged', text) })
    }
    for (const iat of [since, since - 2, Math.floor(Date.now() / 1000)]) forge(iat)
    const late = await surely('a record after the theft', () => issue(city))
    await logged(late)
    const asked = Date.now()
    oracle.theft = { city: city.division, kid: thief.kid, since, asked }
    await city.withOffice((office) => compromiseKey(office, request, thief.kid, instantOf(since)))
    oracle.theft.done = Date.now()
    counts.acts++
    return [...honest, late]
  }

  const leave = async (who: CityProcess, by: readonly CityProcess[]): Promise<void> => {
    const [proposer, ...others] = by
    oracle.departure = { city: proposer!.division, who: who.division, asked: Date.now() }
    const proposal = await proposer!.withOffice((office) =>
      propose(office, request, { alliance, changes: [{ change: 'leave', iss: who.iss, until: dayOf(office.clock()) }] }, { sign: true }),
    )
    const copies: Proposal[] = []
    for (const city of others) copies.push(await city.withOffice((office) => signProposal(signatoryOf(office), request, writeProposal(proposal))))
    await proposer!.withOffice((office) => adoptProposal(office, request, [proposal, ...copies].map(writeProposal)))
    oracle.departure.done = Date.now()
    counts.acts++
  }

  /** Whoever was not told asks again, under the same key, and is told. */
  const askAgain = async (): Promise<void> => {
    for (const { city, draft } of unanswered.splice(0)) await surely('an approval', () => approve(city, draft))
    for (const known of issued) {
      await surely('a text', () => present(known))
      if (known.revocation !== undefined && known.revocation.done === undefined) await surely('a revocation', () => revoke(known).then(() => true))
    }
  }

  return { oracle, issued, forged, wrong, problems, counts, work, killAndRestart, rotate, steal, leave, askAgain, ask, shown, proofsOf }
}

const exhibitOf = (kind: Exhibit['kind'], text: string, issued?: Issued): Exhibit => {
  const { header, payload } = takeApart(text)
  return { kind, city: /\d{6}/.exec(String(payload['iss']))![0], kid: String(header['kid']), iat: Number(payload['iat']), issued }
}

/** The same with the level raised, under the signature that it had. */
function spoilt(text: string): string {
  const [header, payload, ...rest] = text.split('.') as [string, string, ...string[]] // a record is a JWS and what follows it
  const claims = Buffer.from(payload, 'base64url').toString('utf8').replace('intermediate', 'senior')
  return [header, Buffer.from(claims).toString('base64url'), ...rest].join('.')
}

/** The digest that the log has of a record. */
export const digestOf = (text: string): Uint8Array => parseSdJwt(text, nodeEngine).digest
