import { createPublicKey, type KeyObject } from 'node:crypto'

import type { Draft } from '#core/credential/family.ts'
import { engineerTitle } from '../scripts/demo/engineer-title.ts'
import { chanceOf } from '../scripts/ledger/chance.ts'
import { areasOf, personOf } from '../scripts/ledger/people.ts'

export const division = '370100'

/** Drafts of titles as an officer enters them, each of another person; the same number gives the same draft. */
export function titleDraft(index: number): Pick<Draft, 'body' | 'personal'> {
  const chance = chanceOf(2, index)
  const { name, idNumber, birth, gender } = personOf(chance, { area: areasOf(division)(chance), year: chance.between(1968, 1992) })
  return {
    body: engineerTitle,
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
