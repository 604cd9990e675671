import { families } from '../credential/families.ts'
import type { Language, Localised } from '../model/localised.ts'
import type { Scope } from './scope.ts'

const rankTexts: Readonly<Record<NonNullable<Scope['ranks']>[number], Localised>> = {
  province: { zh: '省级', en: 'province' },
  prefecture: { zh: '地市级', en: 'prefecture' },
  county: { zh: '县级', en: 'county' },
}

const partTexts = {
  divisions: { zh: '地区', en: 'divisions' },
  series: { zh: '系列', en: 'series' },
  levels: { zh: '级别', en: 'levels' },
  ranks: { zh: '层级', en: 'ranks' },
} as const satisfies Record<string, Localised>

/** What may be issued, in words. */
export function describeScope(scope: Scope): Localised {
  const say = (language: Language): string => {
    const [and, colon] = language === 'zh' ? ['、', '：'] : [', ', ': ']
    const part = (name: keyof typeof partTexts, values: readonly string[] | undefined): readonly string[] =>
      values === undefined ? [] : [`${partTexts[name][language]}${colon}${values.join(and)}`]
    const narrowed = [
      ...part('divisions', scope.divisions),
      ...part('series', scope.series),
      ...part('levels', scope.levels),
      ...part(
        'ranks',
        scope.ranks?.map((rank) => rankTexts[rank][language]),
      ),
    ]
    const named = scope.families.map((family) => families[family].display[language]).join(and)
    return narrowed.length === 0 ? named : language === 'zh' ? `${named}（${narrowed.join('；')}）` : `${named} (${narrowed.join('; ')})`
  }
  return { zh: say('zh'), en: say('en') }
}
