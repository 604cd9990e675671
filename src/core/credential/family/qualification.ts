import { z } from 'zod'

import { PartialDate } from '../../model/partial-date.ts'
import { findQualification } from '../../model/qualification.ts'
import { Line } from '../envelope.ts'
import { personalCodes } from '../code-texts.ts'
import { family, type LintFinding } from '../family.ts'
import { birthOf, lintAge, lintDates, lintPerson } from '../lint-person.ts'
import { lintDocumentNumber } from '../lint-texts.ts'
import { personal, personalLabels } from '../personal.ts'

/** 注册/执业注册: what lapses is the registration, never the qualification. */
export const Registration = z
  .strictObject({ number: Line, unit: Line.optional(), from: PartialDate, until: PartialDate.optional() })
  .meta({ id: 'Registration', description: 'Registration to practise; `until` is its last day' })

/** 专业技术人员职业资格. The certificate does not expire; the registration beside it may. */
export const qualification = family({
  id: 'qualification',
  code: 2,
  display: { zh: '专业技术人员职业资格', en: 'Professional qualification' },
  expires: true,
  body: {
    qualification: Line,
    qualificationAsIssued: Line.optional(),
    qualificationLevel: Line.optional(),
    major: Line.optional(),
    managementNumber: Line.optional(),
    approvalDocumentNumber: Line.optional(),
    obtainedOn: PartialDate,
    issuedOn: PartialDate,
    registration: Registration.optional(),
  },
  personal,
  labels: {
    qualification: { zh: '资格名称', en: 'Qualification' },
    qualificationAsIssued: { zh: '原证书所载名称', en: 'Qualification as issued' },
    qualificationLevel: { zh: '级别', en: 'Level' },
    major: { zh: '专业', en: 'Major' },
    managementNumber: { zh: '管理号', en: 'Management number' },
    approvalDocumentNumber: { zh: '批准文号', en: 'Approval document number' },
    obtainedOn: { zh: '批准日期', en: 'Date obtained' },
    issuedOn: { zh: '发证日期', en: 'Date of issue' },
    registration: { zh: '执业注册', en: 'Registration to practise' },
    ...personalLabels,
  },
  codes: personalCodes,
  lint: (body, person, context) => {
    const findings: LintFinding[] = [...lintPerson(person, context)]
    // Qualifications that have left the catalogue still exist on paper: somebody must have looked, no more.
    if (findQualification(body.qualification) === undefined)
      findings.push({ member: 'qualification', code: 'qualification-not-in-catalogue', severity: 'warning' })
    findings.push(...lintDocumentNumber('approvalDocumentNumber', body.approvalDocumentNumber))
    findings.push(...lintAge(birthOf(person, context), 'obtainedOn', body.obtainedOn))
    findings.push(
      ...lintDates(
        [
          ['obtainedOn', body.obtainedOn],
          ['issuedOn', body.issuedOn],
        ],
        context,
      ),
    )
    return findings
  },
  facts: (body) => {
    const entry = findQualification(body.qualification)
    return {
      qualificationName: `${body.qualificationLevel ?? ''}${body.qualification}`,
      // Outside the catalogue nothing is known about where it holds.
      ...(entry === undefined ? {} : { nationallyValid: body.qualificationLevel === undefined || !entry.provincial.includes(body.qualificationLevel) }),
      ...(body.registration === undefined ? {} : { registeredAtIssuer: true }),
      obtainedOn: body.obtainedOn,
      issuedOn: body.issuedOn,
    }
  },
  rank: () => 0,
  dated: (body) => body.issuedOn,
})
