/** The kinds of identity document that people show (人社 systems; GA/T 517 and GA 2102 for the newer cards). */
export const personIdKinds = [
  'resident_id',
  'hk_mo_residence_permit',
  'tw_residence_permit',
  'foreign_permanent_resident_2023',
  'foreign_permanent_resident_2017',
  'hk_mo_travel_permit',
  'tw_travel_permit',
  'passport',
  'officer_id',
] as const
export type PersonIdKind = (typeof personIdKinds)[number]

const names = new Map<string, PersonIdKind>(
  Object.entries({
    居民身份证: 'resident_id',
    身份证: 'resident_id',
    二代身份证: 'resident_id',
    第二代居民身份证: 'resident_id',
    中华人民共和国居民身份证: 'resident_id',
    公民身份号码: 'resident_id',
    港澳居民居住证: 'hk_mo_residence_permit',
    香港居民居住证: 'hk_mo_residence_permit',
    澳门居民居住证: 'hk_mo_residence_permit',
    台湾居民居住证: 'tw_residence_permit',
    外国人永久居留身份证: 'foreign_permanent_resident_2023',
    外国人永久居留证: 'foreign_permanent_resident_2023',
    '外国人永久居留身份证(2023版)': 'foreign_permanent_resident_2023',
    '外国人永久居留身份证(2017版)': 'foreign_permanent_resident_2017',
    港澳居民来往内地通行证: 'hk_mo_travel_permit',
    港澳通行证: 'hk_mo_travel_permit',
    回乡证: 'hk_mo_travel_permit',
    台湾居民来往大陆通行证: 'tw_travel_permit',
    台胞证: 'tw_travel_permit',
    护照: 'passport',
    普通护照: 'passport',
    外国护照: 'passport',
    中国护照: 'passport',
    军官证: 'officer_id',
    军官证等: 'officer_id',
    士兵证: 'officer_id',
    警官证: 'officer_id',
    文职干部证: 'officer_id',
  }),
)

/**
 * The kind that a Chinese name stands for; undefined for one that we do not know or that leaves the kind open
 * (港澳台居民居住证). A foreign permanent resident's card without its edition counts as the newer; `readPersonId` takes both.
 */
export const personIdKindOf = (zhName: string): PersonIdKind | undefined =>
  names.get(zhName.replace(/\s+/g, '').replaceAll('（', '(').replaceAll('）', ')').replaceAll('年版', '版'))
