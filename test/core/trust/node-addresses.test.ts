import { expect, it } from 'vitest'

import { addressesOf } from '#core/trust/node-addresses.ts'
import { makeCity, memberOf } from '../../support/make-alliance.ts'

const at = (division: string, ...addresses: readonly string[]) => memberOf(makeCity(division), { addresses: [...addresses] })
const here = ['http://127.0.0.1:8443', 'http://localhost:8444', 'http://[::1]:8445']

it('addresses on the asking machine are for a list that is there as a whole', () => {
  const [jinan, zibo, taian] = [at('370100', ...here), at('370300', 'http://127.0.0.1:1'), at('370900')]
  const demonstration = { members: [jinan, zibo, taian] }
  expect(addressesOf(demonstration, jinan)).toEqual(here)
  const mixed = at('370300', 'http://127.0.0.1:1', 'https://zibo.example')
  const real = { members: [jinan, mixed, taian] }
  expect([jinan, mixed, taian].map((member) => addressesOf(real, member))).toEqual([[], ['https://zibo.example'], []])
})
