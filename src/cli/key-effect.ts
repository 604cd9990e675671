import type { KeyEffect } from '#registry/rotate-key.ts'
import type { Option } from './command.ts'
import type { Shell } from './shell.ts'

export const dryRunOption = {
  kind: 'flag',
  text: { zh: '试运行：只列出影响，不作任何改变', en: 'Only say what it would affect; nothing is changed' },
} as const satisfies Option

const bases = {
  cosigned: { zh: '按邻市对日志的副署', en: 'by the cosignatures of other cities on the log' },
  logged: { zh: '按本节点日志', en: 'by the own log' },
  recorded: { zh: '按登记时间，因为没有日志', en: 'by when they were entered, since there is no log' },
} as const

/** What a change of a key affects, in lines for a person. */
export function effectLines({ kid, use, records, signedAnew, endsTokens, replaced }: KeyEffect, { say }: Pick<Shell, 'say'>): string {
  const lines = [`${use}  ${kid}`]
  if (records !== null) {
    const { total, since, before, after, toReissue, timeBy } = records
    lines.push(
      say({
        zh: `已签记录 ${total}：${since} 之前 ${before}，之后 ${after}（${bases[timeBy].zh}）；需重新签发 ${toReissue}`,
        en: `records signed ${total}: ${before} before ${since}, ${after} after (${bases[timeBy].en}); to be issued again ${toReissue}`,
      }),
    )
  }
  lines.push(say({ zh: `重新签署的文件 ${signedAnew.join(' ')}`, en: `files signed anew ${signedAnew.join(' ')}` }))
  if (endsTokens) lines.push(say({ zh: '其签发的访问令牌即时失效', en: 'access tokens that it has signed end at once' }))
  if (replaced) lines.push(say({ zh: '由新密钥接替', en: 'a new key takes its place' }))
  return lines.join('\n  ')
}
