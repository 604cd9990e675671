import divisions from '#codes/divisions.json' with { type: 'json' }
import { mod11Check } from '#core/model/iso7064.ts'
import type { Chance } from './chance.ts'

// Nobody real: names are put together from common parts, identity numbers are computed. They may meet a real number by chance.
const surnames = Array.from(
  '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文',
)
const given = Array.from(
  '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红娥玲芬燕彬鹏浩宇轩子涵欣怡佳嘉思雨晨梓宁远志德永春国建新文慧婷梅兰东海峰飞然康晓',
)
// Characters beyond the basic plane or outside GBK, as registers have them.
const rare = ['𠮷', '䶮', '𬱖', '𬀩', '𫍯', '㛃', '𬍡']
const compound = ['欧阳', '司马', '诸葛', '上官']
const separated = ['买买提·艾力', '买买提·吐尔逊', '阿依古丽·买买提', '阿卜杜热西提·阿卜杜拉', '古丽娜尔·吐尔逊', '艾山江·热合曼']
const others = ['扎西次仁', '呼斯楞', '巴图尔']

export const separatedNames: readonly string[] = separated

export function nameOf(chance: Chance): string {
  if (chance.percent(1.2)) return chance.pick(separated)
  if (chance.percent(0.4)) return chance.pick(others)
  const surname = chance.percent(0.5) ? chance.pick(compound) : chance.pick(surnames)
  if (chance.percent(1.5)) return surname + chance.pick(rare)
  return surname + chance.pick(given) + (chance.percent(72) ? chance.pick(given) : '')
}

const places = Object.keys(divisions.places)
const withdrawnAreas = ['371202', '320482', '500112'] as const
/** Districts that no longer exist but stand in the identity numbers of people who were registered there. */
export const withdrawnArea = (chance: Chance): string => chance.pick(withdrawnAreas)

const districtsBelow = (prefix: string): readonly string[] => places.filter((code) => code.startsWith(prefix) && !code.endsWith('00'))

/** Where the people of a bureau were first registered: mostly at home, many in the province, some elsewhere. */
export function areasOf(division: string): (chance: Chance) => string {
  const home = districtsBelow(division.slice(0, 4))
  const province = districtsBelow(division.slice(0, 2))
  const elsewhere = ['320102', '340503', '500103', '510104', '410102', '130102', '210102']
  return (chance) => chance.pick(chance.percent(60) && home.length > 0 ? home : chance.percent(70) ? province : elsewhere)
}

const two = (value: number): string => String(value).padStart(2, '0')

export interface Person {
  readonly name: string
  readonly gender: '男' | '女'
  readonly idNumber: string
  /** ISO date, as the number has it. */
  readonly birth: string
}

/** A person born in the year given; `checkX` asks for a number that ends in X. */
export function personOf(chance: Chance, { area, year, checkX = false }: { readonly area: string; readonly year: number; readonly checkX?: boolean }): Person {
  const name = nameOf(chance)
  const birth = `${year}-${two(chance.between(1, 12))}-${two(chance.between(1, 28))}`
  let sequence = chance.between(1, 999)
  const bodyOf = (): string => `${area}${birth.replaceAll('-', '')}${String(sequence).padStart(3, '0')}`
  // Each step moves the check character on, so one of eleven neighbours ends in X.
  while (checkX && mod11Check(bodyOf()) !== 'X') sequence = (sequence % 999) + 1
  return { name, gender: sequence % 2 === 1 ? '男' : '女', idNumber: bodyOf() + mod11Check(bodyOf()), birth }
}
