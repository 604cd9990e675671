import { describe, expect, it } from 'vitest'

import corrections from '#codes/division-corrections.json' with { type: 'json' }
import table from '#codes/divisions.json' with { type: 'json' }
import { fullNameOf, isKnownArea, placeAt, provinceName } from '#core/model/divisions.ts'

describe('divisions', () => {
  it('names places of all ranks', () => {
    expect(['370000', '370100', '370102'].map((code) => placeAt(code))).toEqual([
      { code: '370000', name: '山东省', rank: 'province', withdrawn: false },
      { code: '370100', name: '济南市', rank: 'prefecture', withdrawn: false },
      { code: '370102', name: '历下区', rank: 'county', withdrawn: false },
    ])
    expect([fullNameOf('370102'), fullNameOf('110101'), fullNameOf('371202'), provinceName('370102'), fullNameOf('999999')]).toEqual([
      '山东省济南市历下区',
      '北京市东城区',
      '山东省莱芜市莱城区',
      '山东省',
      undefined,
    ])
  })

  it('knows withdrawn places, their successors, and that they are gone after their last day', () => {
    expect(placeAt('320482')).toEqual({ code: '320482', name: '金坛市', rank: 'county', until: '2015', withdrawn: true, successors: ['320413'] })
    expect([placeAt('320482', '2014-06-01')?.name, placeAt('320482', '2015-06-01')?.name, placeAt('320482', '2016-01-01')]).toEqual([
      '金坛市',
      '金坛市',
      undefined,
    ])
    expect([placeAt('500157', '2025-11-05'), placeAt('500157', '2025-11-06')?.name]).toEqual([undefined, '两江新区'])
    expect(placeAt('371202')?.successors).toEqual(['370116'])
  })

  it.each([
    ['370102', 'current'],
    ['500157', 'current'],
    ['440401', 'current'],
    ['370101', 'current'],
    ['110200', 'current'],
    ['419001', 'current'],
    ['371202', 'withdrawn'],
    ['500112', 'withdrawn'],
    ['111111', 'unknown'],
    ['999999', 'unknown'],
    ['370001', 'unknown'],
  ])('the area %s is %s', (code, known) => expect(isKnownArea(code)).toBe(known))

  it('has no place for a summary code', () => expect(placeAt('440401')).toBeUndefined())

  it('names only places as successors, and no code is both withdrawn and a place', () => {
    const places = new Set(Object.keys(table.places))
    for (const { code, successors } of corrections.withdrawn)
      expect([code, places.has(code), successors.every((successor) => places.has(successor))]).toEqual([code, false, true])
  })

  it('has the members of the alliances', () => {
    const members = [
      '320413',
      '320481',
      '320800',
      '321000',
      '321100',
      '340200',
      '340500',
      '341100',
      '341800',
      '370200',
      '370300',
      '370500',
      '370600',
      '370700',
      '370900',
      '371000',
      '371100',
      '371400',
      '371500',
      '371600',
      '500000',
      '510000',
    ]
    expect(members.filter((code) => placeAt(code) === undefined)).toEqual([])
  })
})
