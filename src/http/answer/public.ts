import { setImmediate } from 'node:timers/promises'

import { certificate } from '#contract/certificates.ts'
import {
  allianceFile,
  claim,
  health,
  heldFile,
  issuerMetadata,
  manifestFile,
  readiness,
  readinessChecks,
  ruleSetFile,
  statusListFile,
  trustAnchors,
  trustIndex,
  verifyRoute,
} from '#contract/public.ts'
import type { Verdict } from '#core/verify/verdict.ts'
import { claimRecord } from '#registry/claim-record.ts'
import { readAnchors } from '#registry/held-trust.ts'
import { listLogAlarms } from '#registry/log/log-alarms.ts'
import { timeProofOf } from '#registry/log/prove-record.ts'
import { makeCertificate } from '#registry/make-certificate.ts'
import { issuingKeys, requireReady } from '#registry/readiness.ts'
import { endingKeys } from '#registry/renew-keys.ts'
import type { StaticFile } from '#registry/trust-shelf.ts'
import { verifyRecords } from '#registry/verify-records.ts'
import { bind, type Binding } from '../bind.ts'
import type { Desks } from '../desks.ts'
import { refuseInStep } from '../refuse-in-step.ts'
import { takeTurns } from '../take-turns.ts'

/** Seconds that a cache may keep a file without asking. A status list is what a revocation is learnt from, so not for long. */
const maxAge = { index: 0, changing: 60, versioned: 300 } as const

/** Milliseconds between two moments at which a refused claim is answered. */
const refusalStep = 100

/** Records that are verified before others get their turn: a few milliseconds. */
const atOnce = 10

/** Single records that are verified in one turn: a few milliseconds, too. */
const aTurn = 32

export function bindPublic(
  binding: Binding,
  { office, desk, shelf, certificates, address }: Pick<Desks, 'office' | 'desk' | 'shelf' | 'certificates' | 'address'>,
): void {
  const turn = takeTurns(aTurn)
  bind(binding, verifyRoute, async ({ body: { record, proof, records, at, for: division, purpose, appliedOn } }) => {
    const question = { at: at ?? office.clock(), ...(division === undefined ? {} : { recognition: { for: division, purpose, appliedOn } }) }
    if (record !== undefined) {
      await turn()
      return { verdict: (await verifyRecords(office, desk, [{ record, proof }], question))[0]! } as const
    }
    const verdicts: Verdict[] = []
    for (let from = 0; from < records!.length; from += atOnce) {
      if (from > 0) await setImmediate()
      verdicts.push(...(await verifyRecords(office, desk, records!.slice(from, from + atOnce), question)))
    }
    return { verdicts }
  })

  const keep = async (file: Promise<StaticFile>, seconds: number) => ({ ...(await file), maxAge: seconds })
  bind(binding, statusListFile, ({ params }) => keep(shelf.published(`status/${params.no}`), maxAge.changing))
  bind(binding, manifestFile, () => keep(shelf.published('trust/manifest.jwt'), maxAge.changing))
  bind(binding, trustIndex, () => keep(shelf.index(), maxAge.index))
  bind(binding, trustAnchors, () => readAnchors(office.store.read, office.authority))
  bind(binding, allianceFile, ({ params }) => keep(shelf.shared('alliance', params.alliance, Number(params.version)), maxAge.versioned))
  bind(binding, ruleSetFile, ({ params }) => keep(shelf.shared('rules', `${params.set}/${params.edition}`, Number(params.version)), maxAge.versioned))
  bind(binding, heldFile, ({ params }) => keep(shelf.held(params.digest), maxAge.versioned))

  bind(binding, claim, async ({ body }) => {
    const text = await refuseInStep(refusalStep, () => claimRecord(office, body))
    const proof = await timeProofOf(office, (await desk.current()).trust, text)
    return proof === undefined ? { text } : { text, proof: proof.text }
  })
  bind(binding, certificate, async ({ body }) => ({
    body: await makeCertificate({ office, desk, certificates, address: address() }, { actor: 'holder' }, body),
    contentType: certificate.replyType[0],
    fileName: 'certificate.pdf',
  }))
  bind(binding, health, async () => ({ alive: true as const }))
  bind(binding, readiness, async () => {
    await requireReady(office, desk)
    return {
      ready: true as const,
      iss: office.authority.iss,
      division: office.authority.division,
      checks: [...readinessChecks],
      keysEnding: [...(await endingKeys(office))],
      alarms: (await desk.current()).trust.alarms.length + (await listLogAlarms(office.store.read)).length,
    }
  })
  bind(binding, issuerMetadata, async () => ({ issuer: office.authority.iss, jwks: { keys: await issuingKeys(office, desk) } }))
}
