import type { Localised } from '../model/localised.ts'
import type { Truth } from '../model/truth.ts'
import type { Standing } from '../rules/decision.ts'
import type { Freshness, SourceVersion } from '../trust/freshness.ts'
import type { Check, CheckId } from './verdict.ts'

const text = (zh: string, en: string): Localised => ({ zh, en })

/** How an answer is marked. `attention`: a yes that must not be read without what stands beside it. */
export type Mark = Truth | 'attention'

export const marks: Readonly<Record<Mark, string>> = { yes: '✓', no: '✗', 'cannot-tell': '?', attention: '!' }

export const markOfStanding = (standing: Standing): Mark => (standing === 'on-condition' ? 'attention' : standing)

export const truthTexts: Readonly<Record<Truth, Localised>> = {
  yes: text('是', 'yes'),
  no: text('否', 'no'),
  'cannot-tell': text('无法判断', 'cannot tell'),
}

/** A check that passed with a reason has something to be known beside it: neither its mark nor its word is that of a plain yes. */
export const markOfCheck = ({ answer, reason }: Pick<Check, 'answer' | 'reason'>): Mark => (answer === 'yes' && reason !== undefined ? 'attention' : answer)

/** What a check came to. */
export const checkAnswerTexts: Readonly<Record<Mark, Localised>> = {
  yes: text('通过', 'passed'),
  no: text('未通过', 'failed'),
  'cannot-tell': truthTexts['cannot-tell'],
  attention: text('通过，有须知', 'passed, with a note'),
}

/** The answer as a sentence. */
export const sentences: Readonly<Record<Truth, Localised>> = {
  yes: text('记录真实，且在所问时刻有效', 'The record is genuine, and it holds at the instant asked about'),
  no: text('记录不可采信', 'The record does not hold'),
  'cannot-tell': text('无法判断记录是否真实有效', 'Whether the record is genuine and holds cannot be told'),
}

export const checkTexts: Readonly<Record<CheckId, Localised>> = {
  form: text('格式', 'Form'),
  issuer: text('发证机关', 'Issuer'),
  key: text('签名密钥', 'Key'),
  signature: text('签名', 'Signature'),
  content: text('内容', 'Content'),
  time: text('签发时间', 'Time of signing'),
  'key-in-force': text('密钥有效期', 'Key in force'),
  'key-scope': text('密钥签发范围', 'Scope of the key'),
  authorised: text('签发授权', 'Authorised'),
  validity: text('记录有效期', 'Validity'),
  status: text('状态', 'Status'),
  source: text('原证书', 'Source record'),
}

export const sourceTexts: Readonly<Record<SourceVersion['kind'], Localised>> = {
  anchor: text('信任锚', 'trust anchor'),
  manifest: text('公钥清单', 'key manifest'),
  'alliance-list': text('联盟名录', 'alliance list'),
  'rule-set': text('规则集', 'rule set'),
  'status-list': text('状态列表', 'status list'),
  record: text('记录', 'record'),
  law: text('法律', 'law'),
}

export const freshnessTexts: Readonly<Record<Freshness, Localised>> = {
  fresh: text('新', 'fresh'),
  stale: text('较旧', 'stale'),
  expired: text('已过期', 'expired'),
}

/** An age as somebody would say it. */
export function ageText(seconds: number): Localised {
  if (seconds < 120) return text(`${seconds} 秒前`, `${seconds} s old`)
  if (seconds < 2 * 3600) return text(`${Math.floor(seconds / 60)} 分钟前`, `${Math.floor(seconds / 60)} min old`)
  if (seconds < 2 * 86_400) return text(`${Math.floor(seconds / 3600)} 小时前`, `${Math.floor(seconds / 3600)} h old`)
  return text(`${Math.floor(seconds / 86_400)} 天前`, `${Math.floor(seconds / 86_400)} days old`)
}
