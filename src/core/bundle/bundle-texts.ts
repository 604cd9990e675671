import { describeInstant } from '../credential/describe-date.ts'
import type { Localised } from '../model/localised.ts'
import { ageText } from '../verify/verdict-texts.ts'
import type { Bundle } from './bundle.ts'
import type { CheckedBundle } from './check-bundle.ts'

/** Who made the bundle, when, and how long ago that was. */
export function bundleMadeText({ label }: Pick<Bundle, 'label'>, { maker, ageSeconds }: CheckedBundle): Localised {
  const [when, age] = [describeInstant(label.iat), ageText(ageSeconds)]
  return maker === undefined
    ? {
        zh: `离线包制作于 ${when.zh}，${age.zh}；自称出自 ${label.iss}，所持信任数据无法证实；其中各文件仍各自验签`,
        en: `The offline bundle was made at ${when.en} and is ${age.en}. It says that it is by ${label.iss}, which nothing that is trusted confirms; each file in it counts by its own signatures alone`,
      }
    : {
        zh: `离线包由${maker.name.zh}制作于 ${when.zh}，${age.zh}；签名已核实`,
        en: `The offline bundle was made by ${maker.name.en} at ${when.en} and is ${age.en}; its signature holds`,
      }
}

/** What an old bundle cannot know. */
export const bundleStaleText: Localised = {
  zh: '离线包已旧于其中文件的更新期限：此后若有撤销、注销或密钥变更，无从得知。请取得新的离线包',
  en: 'The offline bundle is older than the time to live of what is in it: what was revoked, cancelled or closed since is not known here. Get a newer one',
}
