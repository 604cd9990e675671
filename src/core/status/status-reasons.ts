import type { Localised } from '../model/localised.ts'
import type { StatusKind } from './status-kinds.ts'

/** A change that an officer can make to a record; `reinstated` ends a suspension. */
export type StatusChange = StatusKind | 'reinstated'

/** Reason codes by change, with their texts. Codes go into public lists: they say what kind of ground there was, never about whom. */
export const statusReasons = {
  suspended: {
    investigation: { zh: '核查期间暂停', en: 'Under investigation' },
    'court-or-supervisor': { zh: '依法院或上级机关要求', en: 'At the order of a court or supervisor' },
  },
  reinstated: {
    cleared: { zh: '核查无误', en: 'Cleared' },
    'order-lifted': { zh: '暂停要求解除', en: 'The order was lifted' },
  },
  revoked: {
    fraud: { zh: '以欺骗等不正当手段取得', en: 'Obtained by fraud' },
    'unlawful-issue': { zh: '违反法定条件或程序核发', en: 'Issued against law or procedure' },
    'issued-in-error': { zh: '签发错误', en: 'Issued in error' },
  },
  penalty: { violation: { zh: '违法行为受吊销处罚', en: 'Withdrawn as a penalty for a violation' } },
  cancelled: {
    'holder-request': { zh: '本人申请', en: "At the holder's request" },
    deceased: { zh: '持证人死亡', en: 'The holder has died' },
    superseded: { zh: '已被新证书或新结论取代', en: 'Superseded' },
  },
  voided: {
    lost: { zh: '证书遗失', en: 'The document was lost' },
    replaced: { zh: '换发新证', en: 'The document was replaced' },
    reissued: { zh: '签名密钥失密，已重新签发', en: 'Issued again, since the key that signed it was compromised' },
    misprint: { zh: '证书印制错误', en: 'The document was misprinted' },
  },
} as const satisfies Record<StatusChange, Record<string, Localised>>

export const statusChanges = Object.keys(statusReasons) as unknown as readonly [StatusChange, ...StatusChange[]] // the keys of the table above

export const reasonsOf = (change: StatusChange): readonly string[] => Object.keys(statusReasons[change])
