import { describeInstant } from '../credential/describe-date.ts'
import { secondsOf } from '../model/instant.ts'
import type { Localised } from '../model/localised.ts'
import type { Authority } from '../trust/assemble-trust.ts'
import type { LoggedAt } from './verdict.ts'

export const loggedLabel: Localised = { zh: '入日志时间', en: 'Logged by' }

/** By when a record stood in its issuer's log, which log that is, and whose word it is. */
export interface DescribedLogged {
  readonly at: Localised
  readonly log: Localised
  readonly by: Localised
}

type Named = ReadonlyMap<string, Pick<Authority, 'name'>>

/** @param authorities of the trust that the verdict was given by: a city is named as the lists name it, and by its URL where none does any more */
export function describeLogged({ at, log, index, by }: LoggedAt, authorities: Named): DescribedLogged {
  const when = describeInstant(secondsOf(at))
  const names = by.map((iss) => authorities.get(iss)?.name ?? { zh: iss, en: iss })
  return {
    at: { zh: `不晚于 ${when.zh}`, en: when.en }, // the English label has said `by`
    log: { zh: `日志 ${log}，第 ${index + 1} 条`, en: `log ${log}, entry ${index + 1}` },
    by: { zh: `见证：${names.map(({ zh }) => zh).join('、')}`, en: `witnessed by ${names.map(({ en }) => en).join(', ')}` },
  }
}

/** The same in a line. */
export function loggedLine(logged: LoggedAt, authorities: Named): Localised {
  const { at, log, by } = describeLogged(logged, authorities)
  return { zh: `${at.zh}；${log.zh}；${by.zh}`, en: `by ${at.en}; ${log.en}; ${by.en}` }
}

/** For a sheet, which outlives the names that cities have today. */
export function loggedInBrief({ at, by }: Pick<LoggedAt, 'at' | 'by'>): Localised {
  const { zh, en } = describeInstant(secondsOf(at))
  return {
    zh: `不晚于 ${zh} 已载入发证机关的日志，有 ${by.length} 个城市见证；日志证明见附件。`,
    en: `In the issuer’s log by ${en}, on the word of ${by.length} ${by.length === 1 ? 'city' : 'cities'}; the proof is attached.`,
  }
}
