import { describe, expect, it } from 'vitest'

import alliances from '#codes/alliances.json' with { type: 'json' }
import names from '#codes/division-names.json' with { type: 'json' }
import divisions from '#codes/divisions.json' with { type: 'json' }
import { placeName } from '#core/model/place-name.ts'

describe('names of places', () => {
  it('are whole in both languages, and Chinese where there is no English one', () => {
    expect(['370100', '310000', '310118', '330421', '220200', '370102', '371202'].map(placeName)).toEqual([
      { zh: '山东省济南市', en: 'Jinan, Shandong' },
      { zh: '上海市', en: 'Shanghai' },
      { zh: '上海市青浦区', en: 'Qingpu District, Shanghai' },
      { zh: '浙江省嘉兴市嘉善县', en: 'Jiashan County, Jiaxing, Zhejiang' },
      { zh: '吉林省吉林市', en: 'Jilin City, Jilin' },
      { zh: '山东省济南市历下区', en: '历下区, Jinan, Shandong' },
      { zh: '山东省莱芜市莱城区', en: '莱城区, 莱芜市, Shandong' },
    ])
    expect(placeName('999999')).toBeUndefined()
  })

  it('in English are there for every province and prefecture, and for nothing that is no place', () => {
    const english: Readonly<Record<string, string>> = names.en
    const upper = Object.keys(divisions.places).filter((code) => code.endsWith('00'))
    expect([upper.filter((code) => code.endsWith('0000')).length, upper.length]).toEqual([34, 367])
    expect(upper.filter((code) => english[code] === undefined)).toEqual([])
    expect(Object.keys(english).filter((code) => !Object.hasOwn(divisions.places, code))).toEqual([])
    expect(Object.values(english).filter((name) => !/^[A-Z][A-Za-zü’]+(?: (?:and|[A-Z][A-Za-z]+))*$/.test(name))).toEqual([])
    expect(['610000', '150000', '540000', '650100', '341500', '341600'].map((code) => english[code])).toEqual([
      'Shaanxi',
      'Inner Mongolia',
      'Xizang',
      'Urumqi',
      'Lu’an',
      'Bozhou',
    ])
  })

  it('tell every two places apart', () => {
    const whole = Object.keys(names.en).map((code) => placeName(code)!.en)
    expect(new Set(whole).size).toBe(whole.length)
  })

  it('are those by which the alliances call their members', () => {
    const members = alliances.alliances.flatMap(({ members: all }) => all)
    for (const { division, name } of members) expect([division, placeName(division)!.en.startsWith(name.en)]).toEqual([division, true])
  })
})
