import { expect, it } from 'vitest'
import { z } from 'zod'

import table from '#codes/alliances.json' with { type: 'json' }
import { DivisionCode } from '#core/model/division-code.ts'
import { Localised } from '#core/model/localised.ts'
import { Origin } from '#core/rules/rule-set.ts'

const Member = z.strictObject({
  division: DivisionCode,
  name: Localised,
  organization: z.string().min(1),
  role: z.enum(['member', 'guidance', 'accepted']),
  coversSubordinates: z.boolean(),
  from: z.iso.date(),
  state: z.literal('active'),
  origin: Origin,
  note: z.string().optional(),
})

it('the five alliances are well formed, and only what is invented is marked as a sample', () => {
  const alliances = table.alliances.map(({ id, members }) => ({ id, members: z.array(Member).parse(members) }))
  const of = (role: string) => alliances.map(({ id, members }) => [id, members.filter((member) => member.role === role).map(({ division }) => division)])
  expect(Object.fromEntries(of('member'))).toEqual({
    'sd-capital-circle': ['370100', '370300', '370900', '371500', '371400', '371600', '370500'],
    'jiaodong-blue-zone': ['370200', '370600', '370700', '371000', '371100', '371600', '370500'],
    'nanjing-metro': ['320100', '321100', '321000', '320800', '340200', '340500', '341100', '341800', '320413', '320481'],
    'chuan-yu': ['500000', '510000'],
    'yangtze-delta': ['310000', '320000', '330000', '340000'],
  })
  const samples = alliances.flatMap(({ members }) => members.filter(({ origin }) => origin === 'sample').map(({ division, role }) => `${division} ${role}`))
  expect(samples).toEqual(['320400 accepted', '320000 accepted', '340000 accepted', '500000 member', '510000 member'])
  expect(alliances.flatMap(({ members }) => members.filter((member) => member.coversSubordinates).map(({ division }) => division))).toEqual([
    '500000',
    '510000',
    '310000',
    '320000',
    '330000',
    '340000',
  ])
})
