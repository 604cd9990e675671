import type { Localised } from './localised.ts'

/** What a client may be trusted with. Drafting and approving are two duties, and one record needs two different clients whatever duties they have. */
export const dutyTexts = {
  draft: { zh: '起草', en: 'Draft records and recognitions' },
  approve: { zh: '审批', en: 'Approve drafts and imports' },
  status: { zh: '状态变更', en: 'Suspend, revoke, cancel and void' },
  read: { zh: '查阅', en: 'Look up and fetch records' },
  'hand-out': { zh: '发放领取码', en: 'Hand out claim codes' },
  recognise: { zh: '互认经办', en: 'Prepare recognitions' },
  import: { zh: '台账导入', en: 'Import ledgers' },
  trust: { zh: '信任数据管理', en: 'Take trust files' },
  clients: { zh: '客户端管理', en: 'Register and close clients' },
  audit: { zh: '审计', en: 'Read the audit trail' },
} as const satisfies Record<string, Localised>

export type Duty = keyof typeof dutyTexts
export const duties = Object.keys(dutyTexts) as unknown as readonly [Duty, ...Duty[]] // the keys of the table above
