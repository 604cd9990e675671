import { createPublicKey, type KeyObject } from 'node:crypto'

import type { Draft } from '#core/credential/family.ts'
import { chanceOf } from '../scripts/ledger/chance.ts'
import { areasOf, personOf } from '../scripts/ledger/people.ts'

export const division = '370100'

/** Drafts of titles as an officer enters them, each of another person; the same number gives the same draft. */
export function titleDraft(index: number): Pick<Draft, 'body' | 'personal'> {
  const chance = chanceOf(2, index)
  const { name, idNumber, birth, gender } = personOf(chance, { area: areasOf(division)(chance), year: chance.between(1968, 1992) })
  return {
    body: {
      series: '05',
      track: '工程',
      title: '工程师',
      level: 'intermediate',
      major: '建筑施工',
      method: 'review',
      reviewCommittee: '济南市工程专业技术职务中级评审委员会',
      approvalDocumentNumber: '济人社职〔2021〕17号',
      obtainedOn: '2021-03-05',
      issuedOn: '2021-05-29',
    },
    personal: {
      name: { name },
      identity: { kind: 'resident_id', number: idNumber },
      birth: { date: birth, gender: gender === '男' ? 'male' : 'female' },
      employer: '济南第三机床厂',
    },
  }
}

/** A key as node's own functions take it: what the raw limit and the peers are measured with. */
export const keyObjectOf = (jwk: { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string }): KeyObject =>
  createPublicKey({ format: 'jwk', key: { ...jwk } })
