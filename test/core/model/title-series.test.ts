import { describe, expect, it } from 'vitest'

import table from '#codes/title-series.json' with { type: 'json' }
import { obtainMethods, readObtainMethod } from '#core/model/obtain-method.ts'
import { findSeries, findTitle, levelsOf, readTitleLevel, titleLevels, titleSeries } from '#core/model/title-series.ts'

describe('title series', () => {
  it('are twenty-seven', () => {
    expect(titleSeries.map(({ no }) => no)).toEqual(Array.from({ length: 27 }, (_, index) => String(index + 1).padStart(2, '0')))
  })

  it.each(table.series)('$no is found by its number, its name and all that ledgers call it', ({ no, zh, aliases }) => {
    for (const name of [no, String(Number(no)), zh, `${zh}系列`, ...aliases, ...aliases.map((alias) => `${alias}系列`)])
      expect([name, findSeries(name)?.no]).toEqual([name, no])
  })

  it.each([
    ['工程系列', '05'],
    ['工程技术系列', '05'],
    ['卫生系列', '04'],
    ['农业系列', '06'],
    ['经济系列', '19'],
    ['会计系列', '17'],
    ['图书资料系列', '09'],
    ['中小学教师系列', '22'],
    ['高校教师系列', '01'],
    ['工程专业', '05'],
    ['船舶专业技术人员', '25'],
    ['档案专业', '11'],
  ])('%s is series %s', (name, no) => expect(findSeries(name)?.no).toBe(no))

  it('are not guessed', () => {
    expect(['玄学系列', '', '28', '00', '系列', '人员', '政工系列', '科学研究系列'].map(findSeries)).toEqual(Array.from({ length: 8 }, () => undefined))
  })
})

describe('titles of a series', () => {
  it('has the titles of every track at their level, and none of them as an old name', () => {
    for (const { no, tracks } of table.series)
      for (const { zh: track, levels } of tracks)
        for (const [level, { zh, variants = [] }] of Object.entries<{ zh: string; variants?: readonly string[] }>(levels))
          for (const name of [zh, ...variants])
            expect(findTitle(no, name)).toMatchObject({ name, level, legacy: false, ...(no === '03' || no === '02' ? { track } : {}) })
  })

  it('knows the code where one is published', () => {
    expect(findTitle('05', '高级工程师')).toEqual({ name: '高级工程师', track: '工程', level: 'associate_senior', code: '0502', legacy: false })
    expect(findTitle('11', '馆员')).toEqual({ name: '馆员', track: '档案', level: 'intermediate', legacy: false })
  })

  it('knows both names of a pair', () => {
    const at = (no: string, name: string): unknown => [findTitle(no, name)?.name, findTitle(no, name)?.level]
    expect([
      at('04', '主治医师'),
      at('04', '主管医师'),
      at('04', '主治（主管）医师'),
      at('23', '二级编导'),
      at('23', '二级导演'),
      at('23', '三级摄像师'),
    ]).toEqual([
      ['主治医师', 'intermediate'],
      ['主管医师', 'intermediate'],
      ['主治(主管)医师', 'intermediate'],
      ['二级编导', 'associate_senior'],
      ['二级导演', 'associate_senior'],
      ['三级摄像师', 'intermediate'],
    ])
  })

  it('leads old names to today’s, each of the table', () => {
    for (const { series, from, to, level } of table.legacy as readonly { series: string; from: string; to?: string; level?: string }[])
      expect([from, findTitle(series, from)]).toMatchObject([from, { name: to ?? from, legacy: true, ...(level === undefined ? {} : { level }) }])
  })

  it('is not caught by 小学高级教师, which is intermediate today', () => {
    expect(findTitle('22', '小学高级教师')).toEqual({ name: '一级教师', track: '中小学(含幼儿园)', level: 'intermediate', legacy: true })
    expect(findTitle('22', '中学高级教师')).toEqual({ name: '高级教师', track: '中小学(含幼儿园)', level: 'associate_senior', legacy: true })
    expect(findTitle('05', '教授级高级工程师')).toEqual({ name: '正高级工程师', track: '工程', level: 'full_senior', code: '0501', legacy: true })
  })

  it('does not know titles of another series, nor the improper 国家一级演员', () => {
    expect([findTitle('05', '会计师'), findTitle('23', '国家一级演员'), findTitle('99', '工程师'), findTitle('05', 'constructor')]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })
})

describe('title levels', () => {
  it('reads the five and refuses to choose between two', () => {
    expect(['正高级', '副高级', '中级', '助理级', '员级'].map((text) => readTitleLevel(text))).toEqual(
      titleLevels.toReversed().map((value) => ({ ok: true, value, changes: [], warnings: [] })),
    )
    expect(['初级', '高级', '特级', ''].map((text) => readTitleLevel(text))).toEqual(
      ['title-level-ambiguous', 'title-level-ambiguous', 'title-level-unknown', 'title-level-unknown'].map((reason) => ({ ok: false, reason })),
    )
    expect([levelsOf('初级'), levelsOf('高级'), levelsOf('高级（副高级）'), levelsOf('无')]).toEqual([
      ['entry', 'assistant'],
      ['associate_senior', 'full_senior'],
      ['associate_senior'],
      [],
    ])
  })
})

describe('how a title was obtained', () => {
  it('is read as ledgers name it', () => {
    const named = ['评审', '考核认定', '以考代评', '考评结合', '确认', '直评', '转评', '自主评审']
    expect(named.map((text) => readObtainMethod(text))).toEqual(obtainMethods.map((value) => ({ ok: true, value, changes: [], warnings: [] })))
    expect(['初定', '认定', '改系列'].map((text) => readObtainMethod(text))).toMatchObject([
      { value: 'initialRecognition' },
      { value: 'initialRecognition' },
      { value: 'convert' },
    ])
    expect(readObtainMethod('购买')).toEqual({ ok: false, reason: 'obtain-method-unknown' })
  })
})
