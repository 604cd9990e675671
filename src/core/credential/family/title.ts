import { z } from 'zod'

import type { Localised } from '../../model/localised.ts'
import { obtainMethods } from '../../model/obtain-method.ts'
import { PartialDate } from '../../model/partial-date.ts'
import { findSeries, findTitle, titleLevels } from '../../model/title-series.ts'
import { Line } from '../envelope.ts'
import { obtainMethodTexts, personalCodes, seriesTexts, titleLevelTexts } from '../code-texts.ts'
import { family, type LintFinding } from '../family.ts'
import { birthOf, lintAge, lintDates, lintPerson } from '../lint-person.ts'
import { lintDocumentNumber } from '../lint-texts.ts'
import { personal, personalLabels } from '../personal.ts'

/** Where a title holds: 定向评价、定向使用 titles hold at the grass roots, in one county or in one unit only. */
export const validityScopes = ['nationwide', 'province', 'city', 'county_only', 'unit_only', 'grassroots'] as const

const scopeTexts: Readonly<Record<(typeof validityScopes)[number], Localised>> = {
  nationwide: { zh: '全国', en: 'Nationwide' },
  province: { zh: '全省', en: 'The province' },
  city: { zh: '全市', en: 'The city' },
  county_only: { zh: '限本县（市、区）', en: 'This county only' },
  unit_only: { zh: '限本单位', en: 'This unit only' },
  grassroots: { zh: '限基层', en: 'The grass roots only' },
}

/** 职称: it never expires, and the employer's appointment (聘任) is not part of it. Seniority counts from `obtainedOn`. */
export const title = family({
  id: 'title',
  code: 1,
  display: { zh: '专业技术职称', en: 'Professional title' },
  expires: false,
  body: {
    series: z.string().regex(/^\d{2}$/),
    track: Line.optional(),
    title: Line,
    titleAsIssued: Line.optional(),
    level: z.enum(titleLevels),
    major: Line.optional(),
    method: z.enum(obtainMethods),
    scope: z.enum(validityScopes).optional(),
    reviewCommittee: Line.optional(),
    approvalDocumentNumber: Line.optional(),
    obtainedOn: PartialDate,
    documentOn: PartialDate.optional(),
    issuedOn: PartialDate,
  },
  personal,
  labels: {
    series: { zh: '职称系列', en: 'Title series' },
    track: { zh: '类别', en: 'Track' },
    title: { zh: '职称名称', en: 'Title' },
    titleAsIssued: { zh: '原证书所载名称', en: 'Title as issued' },
    level: { zh: '级别', en: 'Level' },
    major: { zh: '专业', en: 'Title major' },
    method: { zh: '取得方式', en: 'How obtained' },
    scope: { zh: '有效范围', en: 'Validity scope' },
    reviewCommittee: { zh: '评审委员会', en: 'Review committee' },
    approvalDocumentNumber: { zh: '批准文号', en: 'Approval document number' },
    obtainedOn: { zh: '取得时间', en: 'Date obtained' },
    documentOn: { zh: '批准日期', en: 'Date of the approval document' },
    issuedOn: { zh: '发证日期', en: 'Date of issue' },
    ...personalLabels,
  },
  codes: { ...personalCodes, series: seriesTexts, level: titleLevelTexts, method: obtainMethodTexts, scope: scopeTexts },
  lint: (body, person, context) => {
    const findings: LintFinding[] = [...lintPerson(person, context)]
    const found = findTitle(body.series, body.title)
    if (findSeries(body.series) === undefined) findings.push({ member: 'series', code: 'series-unknown', severity: 'refusal' })
    else if (found === undefined) findings.push({ member: 'title', code: 'title-not-in-series', severity: 'refusal' })
    else if (found.name !== body.title) findings.push({ member: 'title', code: 'title-not-canonical', severity: 'refusal' })
    else if (found.level !== body.level) findings.push({ member: 'level', code: 'level-title-mismatch', severity: 'refusal' })
    findings.push(...lintDocumentNumber('approvalDocumentNumber', body.approvalDocumentNumber))
    findings.push(...lintAge(birthOf(person, context), 'obtainedOn', body.obtainedOn))
    findings.push(
      ...lintDates(
        [
          ['obtainedOn', body.obtainedOn],
          ['documentOn', body.documentOn],
          ['issuedOn', body.issuedOn],
        ],
        context,
      ),
    )
    return findings
  },
  facts: (body) => ({
    series: body.series,
    seriesInNational27: findSeries(body.series) !== undefined,
    level: body.level,
    method: body.method,
    // A title without a scope of its own is a general one: the forms for narrow titles always say where they hold.
    scope: body.scope ?? 'nationwide',
    obtainedOn: body.obtainedOn,
    issuedOn: body.issuedOn,
  }),
  rank: (body) => titleLevels.indexOf(body.level) + 1,
  dated: (body) => body.issuedOn,
})
