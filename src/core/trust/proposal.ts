import type { Engine, PublicKey } from '../crypto/engine.ts'
import { decodeBase64url } from '../encoding/base64url.ts'
import { asObject, parseJson } from '../encoding/parse-json.ts'
import { encodeUtf8 } from '../encoding/utf8.ts'
import { Fault } from '../fault.ts'
import { digestOf } from '../model/digest.ts'
import { parseOrFault } from '../model/parse-or-fault.ts'
import { allianceListType, AllianceList } from './alliance-list.ts'
import { FreshnessStamp, freshnessType } from './freshness-stamp.ts'
import { GeneralJws, generalLimits, parseGeneralJws } from './parse-general-jws.ts'
import { sharedFileTypeOf } from './sign-general-jws.ts'
import { ruleSetType, SignedRuleSet } from './signed-rule-set.ts'

/** One signature as it stands in the file. */
export interface ProposalSignature {
  readonly kid: string
  readonly protected: string
  readonly signature: string
}

/** What is put before the members: the content of a list, a rule set or a stamp, and the signatures that have come in for it so far. */
export type Proposal = ProposedContent & {
  /** As trust files are filed: alliance, rule set id, or alliance and version of the list that a stamp is for. */
  readonly subject: string
  readonly version: number
  /** Of the content, whoever has signed it: what members compare before they sign. */
  readonly digest: string
  readonly payloadText: string
  readonly signatures: readonly ProposalSignature[]
}

export type ProposedContent =
  | { readonly kind: 'alliance'; readonly alliance: string; readonly content: AllianceList }
  | { readonly kind: 'rules'; readonly alliance: string; readonly content: SignedRuleSet }
  | { readonly kind: 'freshness'; readonly alliance: string; readonly content: FreshnessStamp }

/** Reads a proposal as strictly as the file that it becomes; none of its signatures is checked yet, but no key stands in it twice. */
export function readProposal(bytes: Uint8Array, engine: Pick<Engine, 'sha256'>): Proposal {
  const file = parseOrFault(GeneralJws, parseJson(bytes, generalLimits), 'jws-malformed', 'jws')
  const payload = asObject(parseJson(decodeBase64url(file.payload, 'payload'), generalLimits, 'payload'), 'jws-malformed', 'payload')
  const typ = sharedFileTypeOf(payload)
  const { signatures } = parseGeneralJws(bytes, typ)
  const kids = new Set<string>()
  for (const [index, { kid }] of signatures.entries()) {
    if (kids.has(kid)) throw new Fault('signature-repeated', { at: `signatures/${index}` })
    kids.add(kid)
  }
  return {
    ...readContent(typ, payload),
    payloadText: file.payload,
    digest: digestOf(file.payload, engine),
    signatures: signatures.map(({ kid }, index) => ({ kid, ...file.signatures[index]! })),
  }
}

function readContent(typ: ReturnType<typeof sharedFileTypeOf>, payload: unknown) {
  switch (typ) {
    case allianceListType: {
      const content = parseOrFault(AllianceList, payload, 'trust-malformed', 'alliance-list')
      return { kind: 'alliance', alliance: content.alliance, content, subject: content.alliance, version: content.version } as const
    }
    case ruleSetType: {
      const content = parseOrFault(SignedRuleSet, payload, 'trust-malformed', 'rule-set')
      const { id, version, alliance } = content.ruleSet
      // National law binds every place and comes with the software: nobody signs it.
      if (alliance === null) throw new Fault('trust-malformed', { at: 'rule-set/ruleSet/alliance' })
      return { kind: 'rules', alliance, content, subject: id, version } as const
    }
    case freshnessType: {
      const content = parseOrFault(FreshnessStamp, payload, 'trust-malformed', 'freshness')
      return { kind: 'freshness', alliance: content.alliance, content, subject: `${content.alliance}/${content.version}`, version: content.iat } as const
    }
  }
}

/** The file that members pass on, and that is adopted in the end. */
export const writeProposal = ({
  payloadText,
  signatures,
}: {
  readonly payloadText: string
  readonly signatures: readonly Omit<ProposalSignature, 'kid'>[]
}): Uint8Array =>
  encodeUtf8(JSON.stringify({ payload: payloadText, signatures: signatures.map((entry) => ({ protected: entry.protected, signature: entry.signature })) }))

/** Copies of one proposal that different members have signed, as one. A key that signed several copies has signed once. */
export function mergeProposals([first, ...others]: readonly [Proposal, ...Proposal[]]): Proposal {
  const signatures = new Map(first.signatures.map((signature) => [signature.kid, signature]))
  for (const { digest, signatures: more } of others) {
    if (digest !== first.digest) throw new Fault('proposal-differs', { at: 'payload', detail: `${digest} and ${first.digest}` })
    for (const signature of more) if (!signatures.has(signature.kid)) signatures.set(signature.kid, signature)
  }
  return { ...first, signatures: [...signatures.values()] }
}

export const signatureHolds = ({ payloadText }: Pick<Proposal, 'payloadText'>, entry: ProposalSignature, key: PublicKey, engine: Engine): boolean =>
  engine.verify(key, encodeUtf8(`${entry.protected}.${payloadText}`), decodeBase64url(entry.signature, 'signature'))
