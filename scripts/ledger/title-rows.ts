import table from '#codes/title-series.json' with { type: 'json' }
import { fullNameOf, placeAt, provinceName } from '#core/model/divisions.ts'
import type { TitleLevel } from '#core/model/title-level.ts'
import type { Chance } from './chance.ts'
import { areasOf, personOf } from './people.ts'

export const titleHeaders = [
  '姓名',
  '性别',
  '证件类型',
  '证件号码',
  '出生年月',
  '工作单位',
  '职称系列',
  '专业',
  '职称名称',
  '级别',
  '取得方式',
  '取得时间',
  '评审委员会',
  '批准文号',
  '证书编号',
  '发证机关',
  '发证日期',
  '备注',
] as const
export type TitleHeader = (typeof titleHeaders)[number]
export type TitleRow = Readonly<Record<TitleHeader, string>>

interface Title {
  readonly series: string
  readonly seriesName: string
  readonly level: TitleLevel
  readonly name: string
}

const titles: readonly Title[] = table.series.flatMap(({ no, aliases, tracks }) =>
  tracks.flatMap(({ levels }) =>
    Object.entries(levels).map(([level, entry]) => ({
      series: no,
      seriesName: `${aliases[0]!}系列`,
      level: level as TitleLevel, // the table's keys are the levels
      name: 'variants' in entry && Array.isArray(entry.variants) ? String(entry.variants[0]) : entry.zh,
    })),
  ),
)

// What a city's ledger is made of: engineers, teachers and health staff before all others.
const weights: Readonly<Record<string, number>> = { '05': 32, '22': 22, '04': 16, '17': 6, '19': 6, '06': 4 }
const byWeight = titles.flatMap((title) => Array.from({ length: weights[title.series] ?? 1 }, () => title))

const levelNames: Readonly<Record<TitleLevel, string>> = {
  entry: '员级',
  assistant: '助理级',
  intermediate: '中级',
  associate_senior: '副高级',
  full_senior: '正高级',
}
const leastYears: Readonly<Record<TitleLevel, number>> = { entry: 20, assistant: 23, intermediate: 27, associate_senior: 33, full_senior: 39 }
const examined = ['17', '18', '19', '27', '15', '08']

const majors: Readonly<Record<string, readonly string[]>> = {
  '04': ['内科', '外科', '儿科', '护理', '中药', '检验'],
  '05': ['机械设计', '电气工程', '建筑施工', '化工工艺', '信息通信', '道路桥梁', '给排水'],
  '06': ['作物栽培', '植物保护', '畜牧兽医', '水产'],
  '17': ['会计'],
  '19': ['工商管理', '人力资源管理', '财政税收', '金融'],
  '22': ['语文', '数学', '英语', '物理', '学前教育'],
}

/** What a ledger's rows have in common: one bureau. */
export interface Bureau {
  readonly name: string
  readonly city: string
  readonly province: string
  readonly numberPrefix: string
  readonly areaOf: (chance: Chance) => string
  readonly employers: readonly string[]
}

const prefixes: Readonly<Record<string, string>> = { '370100': 'JN', '370200': 'QD', '370300': 'ZB', '370500': 'DY', '371600': 'BZ' }

export function bureauOf(division: string): Bureau {
  const city = placeAt(division)?.name
  const province = provinceName(division)
  if (city === undefined || province === undefined || fullNameOf(division) === undefined) throw new Error(`${division} is no division`)
  const short = city.replace(/[市区县]$/, '')
  const employers = [
    '第三机床厂',
    '建工集团有限公司',
    '第九中学',
    '人民医院',
    '市政设计院',
    '农业技术推广中心',
    '第二实验小学',
    '轨道交通集团有限公司',
    '图书馆',
    '化工股份有限公司',
    '水务集团有限公司',
    '职业学院',
  ]
  return {
    name: `${city}人力资源和社会保障局`,
    city,
    province,
    numberPrefix: prefixes[division] ?? `Z${division}`,
    areaOf: areasOf(division),
    employers: employers.map((name) => short + name),
  }
}

export interface TitleWish {
  readonly title?: string
  readonly area?: string
  readonly checkX?: boolean
}

const two = (value: number): string => String(value).padStart(2, '0')

/** One row in which nothing is wrong; `serial` makes its number its own. */
export function titleRow(chance: Chance, bureau: Bureau, serial: number, { title: wanted, area, checkX = false }: TitleWish = {}): TitleRow {
  const { series, seriesName, level, name } = (wanted === undefined ? undefined : titles.find((title) => title.name === wanted)) ?? chance.pick(byWeight)
  const obtained = chance.between(2001, 2025)
  const person = personOf(chance, { area: area ?? bureau.areaOf(chance), year: obtained - leastYears[level] - chance.between(0, 14), checkX })
  const month = chance.between(1, 9)
  const senior = level === 'associate_senior' || level === 'full_senior'
  const field = seriesName.replace('系列', '')
  const exam = examined.includes(series) && !senior
  return {
    姓名: person.name,
    性别: person.gender,
    证件类型: '居民身份证',
    证件号码: person.idNumber,
    出生年月: person.birth.slice(0, 7),
    工作单位: chance.pick(bureau.employers),
    职称系列: seriesName,
    专业: chance.pick(majors[series] ?? [field]),
    职称名称: name,
    级别: levelNames[level],
    取得方式: exam ? '以考代评' : !senior && chance.percent(30) ? '考核认定' : '评审',
    取得时间: `${obtained}-${two(month)}-${two(chance.between(1, 28))}`,
    评审委员会: exam ? '' : senior ? `${bureau.province}${field}专业技术职务高级评审委员会` : `${bureau.city}${field}专业技术职务中级评审委员会`,
    批准文号: `${bureau.city.slice(0, 1)}人社职〔${obtained}〕${chance.between(1, 60)}号`,
    证书编号: `${bureau.numberPrefix}${obtained}${series}${String(serial).padStart(6, '0')}`,
    发证机关: bureau.name,
    发证日期: `${obtained}-${two(month + chance.between(1, 3))}-${two(chance.between(1, 28))}`,
    备注: '',
  }
}
