import type { FindingCode } from './finding-texts.ts'
import { tidied } from './half-width.ts'
import { read, refused, type Reading } from './reading.ts'

/** How a title was obtained (glossary: 评审, 考核认定/初定, 以考代评, 考评结合, 确认, 直评, 转评, 自主评审). */
export const obtainMethods = ['review', 'initialRecognition', 'exam', 'examPlusReview', 'confirm', 'direct', 'convert', 'selfEvaluation'] as const
export type ObtainMethod = (typeof obtainMethods)[number]

const named: Readonly<Record<ObtainMethod, readonly string[]>> = {
  review: ['评审', '评审取得', '正常评审', '评审通过'],
  initialRecognition: ['考核认定', '初定', '认定', '初次认定', '初聘', '考核', '考核认定(初定)', '大中专毕业生初定'],
  exam: ['以考代评', '考试', '考试取得', '全国统考', '全国统一考试'],
  examPlusReview: ['考评结合', '考试与评审结合', '考试+评审'],
  confirm: ['确认', '职称确认', '资格确认'],
  direct: ['直评', '直接评审', '直接申报评审', '绿色通道', '直评/绿色通道'],
  convert: ['转评', '改系列', '转系列', '转系列评审', '改系列评审', '转评/改系列'],
  selfEvaluation: ['自主评审', '单位自主评审'],
}
const methods = new Map<string, ObtainMethod>(obtainMethods.flatMap((method) => named[method].map((name) => [name, method] as const)))

/** Reads 取得方式 as ledgers name it. */
export function readObtainMethod(text: string): Reading<ObtainMethod> {
  const { text: plain, changes } = tidied(text)
  const method = methods.get(plain)
  if (method === undefined) return refused('obtain-method-unknown')
  // Full-width brackets are how the name is written in Chinese: no change worth telling.
  return read(
    method,
    changes.filter((change: FindingCode) => change !== 'full-width'),
  )
}
