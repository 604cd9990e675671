import type { JsonObject } from '#core/encoding/parse-json.ts'
import type { TrustFile } from '#core/trust/assemble-trust.ts'
import { mergeProposals, writeProposal, type Proposal } from '#core/trust/proposal.ts'
import circle from '#schema/rules/sd-capital-circle-2021-1.json' with { type: 'json' }
import blueZone from '#schema/rules/jiaodong-blue-zone-2022-1.json' with { type: 'json' }
import { joinAlliance, readAnchors, takeTrustFiles } from '../../src/registry/held-trust.ts'
import type { Office } from '../../src/registry/office.ts'
import { signatoryOf } from '../../src/registry/open-signatory.ts'
import { propose } from '../../src/registry/propose.ts'
import { signProposal } from '../../src/registry/sign-proposal.ts'
import { alliances } from './cities.ts'

/** Which alliance is formed with which sample rules, and who proposes. */
const plans = [
  // Qingdao is no member, but has been told the list's digest: it can check the members' records, and nothing in the agreement speaks for it.
  { id: 'sd-capital-circle', rules: circle, proposer: '370100', followers: ['370200'] },
  { id: 'jiaodong-blue-zone', rules: blueZone, proposer: '370200', followers: [] },
] as const

const twoThirds = (members: number): number => Math.ceil((members * 2) / 3)

/** Other cities that must have cosigned a log's head before its time counts: half of them, as far as so many run here at all. */
const cosignersAmong = (members: number, running: number): number => Math.max(1, Math.min(Math.floor((members - 1) / 2), running - 1))

export interface FormedAlliance {
  readonly id: string
  readonly name: { readonly zh: string; readonly en: string }
  readonly members: number
  readonly signatures: number
  readonly threshold: number
  readonly list: TrustFile
  readonly rules: TrustFile
}

/**
 * Forms the two alliances as their members would: one proposes the list and the rules, as many sign copies of their own as two thirds need, the
 * copies are put together, and every office joins by the digest that it was told.
 *
 * @param offices open offices of all members, by division code
 * @param addresses where the members that run here answer
 */
export async function formAlliances(offices: ReadonlyMap<string, Office>, addresses: ReadonlyMap<string, string>): Promise<readonly FormedAlliance[]> {
  const request = { actor: 'cli:secretariat' }
  const formed: FormedAlliance[] = []
  for (const { id, rules, proposer, followers } of plans) {
    const alliance = alliances.alliances.find((candidate) => candidate.id === id)!
    const members = alliance.members.filter(({ division }) => offices.has(division))
    const threshold = twoThirds(members.length)
    const draft = {
      alliance: id,
      name: alliance.name,
      version: 1,
      prev: null,
      thresholds: {
        list: threshold,
        rules: threshold,
        // Alone nobody has a witness.
        ...(members.filter(({ role }) => role === 'member').length > 1
          ? { cosigners: cosignersAmong(members.length, members.filter(({ division }) => addresses.has(division)).length) }
          : {}),
      },
      ...('chair' in alliance.governance ? { chair: alliance.governance.chair } : {}),
      ...('secretariat' in alliance.governance ? { secretariat: alliance.governance.secretariat } : {}),
      members: await Promise.all(members.map(async (member) => memberOf(member, offices.get(member.division)!, addresses.get(member.division)))),
    }
    const signers = [proposer, ...members.map(({ division }) => division).filter((division) => division !== proposer)].slice(0, threshold)
    const [first, ...others] = signers.map((division) => offices.get(division)!)
    const signedByAll = async (content: unknown): Promise<Proposal> => {
      const proposed = await propose(first!, request, content as JsonObject, { sign: true }) // JSON, from the files above
      const copies = await Promise.all(others.map((office) => signProposal(signatoryOf(office), request, writeProposal(proposed))))
      return mergeProposals([proposed, ...copies])
    }
    const list = await signedByAll(draft)
    const signedRules = await signedByAll(rules)
    formed.push({
      id,
      name: alliance.name,
      members: members.length,
      signatures: signers.length,
      threshold,
      list: { name: `${id} list`, bytes: writeProposal(list) },
      rules: { name: `${id} rules`, bytes: writeProposal(signedRules) },
    })
    for (const division of [...members.map((member) => member.division), ...followers])
      await joinAlliance(offices.get(division)!, request, { alliance: id, version: 1, digest: list.digest })
  }
  for (const office of offices.values()) {
    const followed = (await readAnchors(office.store.read, office.authority)).alliances.map(({ alliance }) => alliance)
    const files = formed.filter(({ id }) => followed.includes(id)).flatMap(({ list, rules }) => [list, rules])
    const { refused } = await takeTrustFiles(office, files, request.actor)
    if (refused.length > 0) throw refused[0]!.fault
  }
  return formed
}

type ListedMember = (typeof alliances.alliances)[number]['members'][number]

async function memberOf(member: ListedMember, office: Office, address: string | undefined) {
  const { authorities } = await readAnchors(office.store.read, office.authority)
  const { authorityKey, name, iss, division } = authorities[0]!
  return {
    division,
    name,
    iss,
    authorityKey,
    role: member.role,
    ...(member.role === 'member' ? { kind: 'bureau' } : {}),
    coversSubordinates: member.coversSubordinates,
    state: member.state,
    from: member.from,
    authorised: [{ families: ['title', 'qualification', 'skill', 'work-injury', 'labour-capacity', 'recognition'], divisions: [division] }],
    addresses: address === undefined ? [] : [address],
  }
}
