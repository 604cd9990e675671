import { numberContradictsLevel, skill as family } from '../credential/family/skill.ts'
import { readOccupationCode } from '../model/occupation-code.ts'
import { readDate } from '../model/partial-date.ts'
import { read, refused, type Reading } from '../model/reading.ts'
import { findSkillLevel, type SkillLevel } from '../model/skill-level.ts'
import { readSkillNumber, type SkillNumber } from '../model/skill-number.ts'
import { readSocialCreditCode } from '../model/social-credit-code.ts'
import { judgePerson, lintWhatIsThere, takeLint } from './judge-person.ts'
import type { JudgeContext, JudgeFamily } from './judgement.ts'
import { readIssuedNumber } from './read-issued-number.ts'
import { readLine } from './row-reader.ts'

function readLevel(text: string): Reading<SkillLevel> {
  if (text === '') return refused('cell-blank')
  const level = findSkillLevel(text)
  return level === undefined ? refused('skill-level-unknown') : read(level.key)
}

const readSkillCertificateNumber =
  ({ scheme }: JudgeContext) =>
  (text: string): Reading<SkillNumber> => {
    if (text === '') return refused('number-blank')
    const reading = readSkillNumber(text)
    if (!reading.ok) return reading
    const own = readIssuedNumber(scheme, reading.value.number)
    return own.ok ? { ...reading, warnings: [...reading.warnings, ...own.warnings] } : own
  }

/** 16-digit numbers belong to the older regime of appraisal (职业技能鉴定), which ended in 2020; 22 characters to recognition. */
const regimeOf = ({ scheme }: SkillNumber) => (scheme === 'skill-legacy-16' ? 'skillAppraisal' : 'skillLevelRecognition')

const bodyKindOf = ({ parts }: SkillNumber) => (parts['org'] === 'Y' ? 'employer' : parts['org'] === 'S' ? 'socialOrganisation' : undefined)

/** One row of a ledger of skill certificates (职业技能等级证书台账). The number's layout says level, year and body over again: they must agree. */
export const judgeSkill: JudgeFamily = (row, context) => {
  const { personal, birth } = judgePerson(row, context)
  const occupation = row.required('occupation', readLine)
  const occupationCode = row.optional('occupationCode', readOccupationCode)
  const workType = row.optional('workType', readLine)
  const level = row.required('skillLevel', readLevel)
  const bodyName = row.required('body', readLine)
  // A code that fails its check may have been issued so: whoever approves the import looks at the licence.
  const uscc = row.optional('bodyCode', (text) => readSocialCreditCode(text, { allowFailingCheck: true }))
  const number = row.required('number', readSkillCertificateNumber(context))
  const obtainedOn = row.optional('obtainedOn', readDate)
  const issuedOn = row.required('issuedOn', readDate)

  if (number && level && numberContradictsLevel(number.number, level)) row.find({ column: 'number', code: 'number-level-mismatch', severity: 'refusal' })
  if (number && issuedOn && Number(issuedOn.slice(0, 4)) !== number.year) row.find({ column: 'number', code: 'number-year-mismatch', severity: 'warning' })
  lintWhatIsThere(
    row,
    birth,
    [
      ['obtainedOn', obtainedOn],
      ['issuedOn', issuedOn],
    ],
    context,
  )
  if (!personal || !occupation || !level || !bodyName || !number || !issuedOn) return undefined
  const kind = bodyKindOf(number)
  const draft = {
    number: number.number,
    body: {
      occupation,
      ...(occupationCode === undefined ? {} : { occupationCode }),
      ...(workType === undefined ? {} : { workType }),
      level,
      regime: regimeOf(number),
      evaluationBody: { name: bodyName, ...(uscc === undefined ? {} : { uscc: uscc.code }), ...(kind === undefined ? {} : { kind }) },
      ...(obtainedOn === undefined ? {} : { obtainedOn }),
      issuedOn,
    },
    personal,
  }
  takeLint(row, family.lint(draft, context))
  return draft
}
