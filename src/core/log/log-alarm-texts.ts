import type { Localised } from '../model/localised.ts'

/** What a neighbour's log can have done that a person has to look into. Of the first there is a proof that anybody can check. */
export const logAlarmTexts = {
  'log-forked': { zh: '同一日志签署了大小相同的两个树根', en: 'One log has signed two roots of one size' },
  'log-behind': { zh: '日志小于其此前所示', en: 'A log shows less than it has shown before' },
  'log-diverged': { zh: '日志与其此前所示不相衔接', en: 'A log does not go on from what it has shown before' },
} as const satisfies Record<string, Localised>

export type LogAlarmKind = keyof typeof logAlarmTexts
