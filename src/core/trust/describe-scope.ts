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
      ...part('series', named(scope, 'series', scope.series, language)),
      ...part('levels', named(scope, 'level', scope.levels, language)),
      ...part(
        'ranks',
        scope.ranks?.map((rank) => rankTexts[rank][language]),
      ),
    ]
    const issued = scope.families.map((family) => families[family].display[language]).join(and)
    return narrowed.length === 0 ? issued : language === 'zh' ? `${issued}（${narrowed.join('；')}）` : `${issued} (${narrowed.join('; ')})`
  }
  return { zh: say('zh'), en: say('en') }
}

/** Codes by what the first of the scope's families that knows them calls them; as they are where none does. */
const named = ({ families: of }: Scope, member: string, codes: readonly string[] | undefined, language: Language): readonly string[] | undefined =>
  codes?.map((code) => of.map((family) => families[family].codes[member]?.[code]?.[language]).find((name) => name !== undefined) ?? code)
