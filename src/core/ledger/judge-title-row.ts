import { readDocumentNumber } from '../model/document-number.ts'
import { readObtainMethod } from '../model/obtain-method.ts'
import { readDate } from '../model/partial-date.ts'
import { read, refused, type Reading } from '../model/reading.ts'
import { findSeries, findTitle, levelsOf, readTitleLevel, type FoundTitle, type TitleLevel, type TitleSeries } from '../model/title-series.ts'
import { title as family, type validityScopes } from '../credential/family/title.ts'
import type { JudgeFamily } from './judgement.ts'
import { judgePerson, lintWhatIsThere, takeLint } from './judge-person.ts'
import { readIssuedNumber } from './read-issued-number.ts'
import { readLine, readWord } from './row-reader.ts'

/** What follows a title that holds in a narrow place only must not be lost: absent means that it holds generally. */
const scopes: ReadonlyMap<string, (typeof validityScopes)[number]> = new Map([
  ['全国', 'nationwide'],
  ['全国有效', 'nationwide'],
  ['全省', 'province'],
  ['全省有效', 'province'],
  ['省内有效', 'province'],
  ['全市', 'city'],
  ['全市有效', 'city'],
  ['市内有效', 'city'],
  ['本县', 'county_only'],
  ['县域', 'county_only'],
  ['县域有效', 'county_only'],
  ['本县有效', 'county_only'],
  ['本单位', 'unit_only'],
  ['本单位有效', 'unit_only'],
  ['单位内有效', 'unit_only'],
  ['基层', 'grassroots'],
  ['基层有效', 'grassroots'],
])

function readSeries(text: string): Reading<TitleSeries> {
  if (text === '') return refused('cell-blank')
  const series = findSeries(text)
  return series === undefined ? refused('series-unknown') : read(series)
}

const readTitleIn =
  (series: TitleSeries | undefined) =>
  (text: string): Reading<FoundTitle | undefined> => {
    if (text === '') return refused('cell-blank')
    // Which titles there are is a question to a series; without one nothing can be said of the title.
    if (series === undefined) return read(undefined)
    const found = findTitle(series.no, text)
    if (found === undefined) return refused('title-not-in-series')
    return read(found, found.name === text ? [] : [found.legacy ? 'title-legacy-name' : 'blanks-removed'])
  }

/** 高级 and 初级 name two levels each; the title's own level decides between them. */
const readLevelOf =
  (found: FoundTitle | undefined) =>
  (text: string): Reading<TitleLevel> => {
    if (text === '') return refused('cell-blank')
    const named = levelsOf(text)
    if (found === undefined || named.length < 2) return readTitleLevel(text)
    return named.includes(found.level) ? read(found.level, ['title-level-by-title']) : refused('level-title-mismatch')
  }

/** One row of a title ledger (职称台账). */
export const judgeTitle: JudgeFamily = (row, context) => {
  const { personal, birth } = judgePerson(row, context)
  const series = row.required('series', readSeries)
  const found = row.required('title', readTitleIn(series))
  const level = row.required('level', readLevelOf(found))
  if (found !== undefined && level !== undefined && found.level !== level) row.find({ column: 'level', code: 'level-title-mismatch', severity: 'refusal' })
  const method = row.required('method', (text) => (text === '' ? refused('cell-blank') : readObtainMethod(text)))
  const scope = row.optional('scope', readWord(scopes, 'scope-unknown'))
  const major = row.optional('major', readLine)
  const reviewCommittee = row.optional('committee', readLine)
  const approvalDocumentNumber = row.optional('document', readDocumentNumber)
  const obtainedOn = row.required('obtainedOn', readDate)
  const documentOn = row.optional('documentOn', readDate)
  const issuedOn = row.required('issuedOn', readDate)
  const number = row.required('number', (text) => readIssuedNumber(context.scheme, text))

  const dates = [
    ['obtainedOn', obtainedOn],
    ['documentOn', documentOn],
    ['issuedOn', issuedOn],
  ] as const
  lintWhatIsThere(row, birth, dates, context)
  if (!personal || !series || !found || !level || !method || !obtainedOn || !issuedOn || !number) return undefined
  const draft = {
    number: number.number,
    body: {
      series: series.no,
      track: found.track,
      title: found.name,
      ...(row.textOf('title') === found.name ? {} : { titleAsIssued: row.textOf('title') }),
      level,
      ...(major === undefined ? {} : { major }),
      method,
      ...(scope === undefined ? {} : { scope }),
      ...(reviewCommittee === undefined ? {} : { reviewCommittee }),
      ...(approvalDocumentNumber === undefined ? {} : { approvalDocumentNumber }),
      obtainedOn,
      ...(documentOn === undefined ? {} : { documentOn }),
      issuedOn,
    },
    personal,
  }
  takeLint(row, family.lint(draft, context))
  return draft
}
