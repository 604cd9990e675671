import { text, type FaultText } from './fault-text.ts'

/** Offline bundles. */
export const bundleFaults = {
  'bundle-malformed': text(
    '离线包格式错误',
    'The offline bundle is malformed',
    '请提交完整、未改动的离线包，或重新下载',
    'Use the whole bundle, unchanged, or fetch it again',
  ),
  'bundle-version-unknown': text(
    '离线包由较新版本的软件制作',
    'The offline bundle was made by a newer version of this software',
    '请更新本软件',
    'Update this software',
  ),
  'bundle-damaged': text(
    '离线包已损坏或被改动',
    'The offline bundle is damaged or was changed',
    '请向制作它的节点重新下载',
    'Fetch it again from the node that made it',
  ),
  'bundle-signature-wrong': text(
    '离线包不是所称机关制作的，或已被改动',
    'The offline bundle was not made by whom it names, or was changed',
    '请向该机关的节点重新下载，不要使用此文件',
    'Fetch it again from that authority’s node, and do not use this one',
  ),
  'bundle-older': text(
    '所选离线包早于正在使用的离线包，未采用',
    'The chosen offline bundle is older than the one in use, and was not taken',
    '如确要改用较旧的一个，请先停用正在使用的离线包',
    'Drop the one in use first if the older one is wanted all the same',
  ),
  'bundle-file-repeated': text(
    '离线包中有重复的文件',
    'The offline bundle holds a file twice',
    '请向制作它的节点重新下载',
    'Fetch it again from the node that made it',
  ),
  'bundle-policy-differs': text(
    '离线包中的日志策略与名录和公钥清单不符',
    'A log policy in the bundle says otherwise than lists and manifests do',
    '请勿使用该策略',
    'Do not use that policy',
  ),
} as const satisfies Record<string, FaultText>
