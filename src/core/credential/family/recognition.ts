import { z } from 'zod'

import { Digest } from '../../model/digest.ts'
import { DivisionCode } from '../../model/division-code.ts'
import { FamilyId } from '../../model/family-id.ts'
import { Localised } from '../../model/localised.ts'
import { PartialDate } from '../../model/partial-date.ts'
import { conditionTexts, effectTexts, modeTexts } from '../../rules/outcome-texts.ts'
import { effects, modes } from '../../rules/rule-set.ts'
import { CertificateNumber, IssuerUrl, Line, StatusReference } from '../envelope.ts'
import { personalCodes } from '../code-texts.ts'
import { family, type Family, type LintFinding, type RecordClaims } from '../family.ts'
import { lintDates } from '../lint-person.ts'
import { personal, personalLabels } from '../personal.ts'

export const Source = z.strictObject({ iss: IssuerUrl, family: FamilyId, number: CertificateNumber, digest: Digest, status: StatusReference }).meta({
  id: 'RecognisedSource',
  description:
    'The record that is recognised; its digest is of the issuer-signed part, so it survives erasure of the disclosures. Its status place is kept, so that a revocation carries over',
})

export const Basis = z
  .strictObject({ alliance: Line.nullable(), ruleSet: Line, version: z.int().min(1), digest: Digest, rule: Line, clause: Localised.optional() })
  .meta({ id: 'RecognitionBasis', description: 'The rule that carried the decision, pinned to the bytes of its rule set' })

/** 互认确认单: what a city makes of another city's record, bound to the bytes of everything that the decision rests on. */
export const recognition = family({
  id: 'recognition',
  code: 6,
  display: { zh: '互认确认', en: 'Recognition record' },
  expires: true,
  body: {
    source: Source,
    basis: Basis,
    mode: z.enum(modes),
    effects: z.array(z.enum(effects)).max(effects.length),
    conditions: z.array(Line).max(20).optional(),
    recognisedFor: DivisionCode,
    purpose: Line.optional(),
    appliedOn: PartialDate,
    decidedOn: PartialDate,
    /** Digest of the canonical verdict that the officer had before them. */
    evidence: Digest,
  },
  personal: { name: personal.name, identity: personal.identity },
  labels: {
    source: { zh: '原证书', en: 'Recognised record' },
    basis: { zh: '互认依据', en: 'Basis' },
    mode: { zh: '互认方式', en: 'Mode' },
    effects: { zh: '效力', en: 'Effects' },
    conditions: { zh: '条件', en: 'Conditions' },
    recognisedFor: { zh: '适用地区', en: 'Recognised for' },
    purpose: { zh: '用途', en: 'Purpose' },
    appliedOn: { zh: '申请日期', en: 'Applied on' },
    decidedOn: { zh: '决定日期', en: 'Decided on' },
    evidence: { zh: '核验结果摘要', en: 'Digest of the verdict' },
    name: personalLabels.name,
    identity: personalLabels.identity,
  },
  codes: { identity: personalCodes.identity, mode: modeTexts, effects: effectTexts, conditions: conditionTexts },
  lint: (body, _person, context) => {
    const findings: LintFinding[] = [
      ...lintDates(
        [
          ['appliedOn', body.appliedOn],
          ['decidedOn', body.decidedOn],
        ],
        context,
      ),
    ]
    if (body.mode === 'manual_review' || body.mode === 'not_recognized') findings.push({ member: 'mode', code: 'mode-recognises-nothing', severity: 'refusal' })
    return findings
  },
  // Recognition is never transitive (DESIGN §3.2): a recognition record offers rules nothing to match but its family.
  facts: (body) => ({ issuedOn: body.decidedOn }),
  rank: () => 0,
  dated: (body) => body.decidedOn,
})

/** The record that a recognition stands on; undefined for every other family. */
export const sourceOfRecognition = ({ id }: Family, claims: RecordClaims): z.infer<typeof Source> | undefined =>
  id === recognition.id ? (claims['source'] as z.infer<typeof Source>) : undefined // the family's schema has read it
