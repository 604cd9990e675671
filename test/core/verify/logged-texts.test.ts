import { describe, expect, it } from 'vitest'

import { namesIn } from '#core/verify/trust-names.ts'
import { loggedInBrief, loggedLine } from '#core/verify/logged-texts.ts'
import { describeVerdict } from '../../../src/cli/verify/describe-verdict.ts'
import { ask, proofOf, trustWith } from './logged-world.ts'

const names = namesIn(trustWith())
const { authorities } = names
const verdict = ask(proofOf({ cosigned: { '370300': 100, '371600': 200 } }))
const line = '不晚于 2026年6月1日 11:03（北京时间）；日志 370100.comity.example/log，第 4 条；见证：淄博市人力资源和社会保障局、滨州市人力资源和社会保障局'

describe('the time in the log', () => {
  it('is told in a line, with the cities as the trust lists name them', () => {
    expect(loggedLine(verdict.logged!, authorities)).toEqual({
      zh: line,
      en: 'by 1 June 2026, 11:03 (UTC+8); log 370100.comity.example/log, entry 4; witnessed by Zibo HRSS Bureau, Binzhou HRSS Bureau',
    })
    expect(loggedLine({ ...verdict.logged!, by: ['https://000000.comity.example'] }, authorities).zh).toContain('见证：https://000000.comity.example')
    expect(loggedInBrief({ ...verdict.logged!, by: ['https://370300.comity.example'] }).en).toBe(
      'In the issuer’s log by 1 June 2026, 11:03 (UTC+8), on the word of 1 city; the proof is attached.',
    )
  })

  it('is told by the command line where it is proven, and nothing of the kind where it is not', () => {
    expect(describeVerdict(verdict, names, 'zh').split('\n')).toContain(`入日志时间: ${line}`)
    expect(describeVerdict(ask(undefined), names, 'zh')).not.toContain('入日志时间')
  })
})
