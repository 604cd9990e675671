import { text, type FaultText } from './fault-text.ts'

/** Manifests, alliance lists, rule sets and keys. */
export const trustFaults = {
  'trust-malformed': text('信任文件格式错误', 'A trust file is malformed', '请向发布机关重新获取该文件', 'Fetch the file again from whoever publishes it'),
  'trust-missing': text('缺少信任文件', 'A trust file is missing', '请更新信任数据', 'Refresh the trust data'),
  'trust-signer-unknown': text(
    '信任文件的签名者不在名录中',
    'A trust file is signed by a key that nothing names',
    '请核对文件来源',
    'Check where the file came from',
  ),
  'trust-issuer-unnamed': text(
    '所持信任数据未载明该机关或联盟',
    'The trust data held does not name this authority or alliance',
    '请先取得其所属联盟的名录',
    'First obtain the list of its alliance',
  ),
  'trust-issuer-differs': text('信任文件与其所属机关不符', 'A trust file speaks for somebody else', '请核对文件来源', 'Check where the file came from'),
  'trust-rolled-back': text('信任文件版本回退', 'A trust file is older than the one held', '请使用较新版本', 'Use the newer version'),
  'trust-forked': text(
    '同一版本出现两份不同内容',
    'There are two contents of one version',
    '请立即联系发布机关：可能有人伪造',
    'Contact the publisher at once: somebody may be forging',
  ),
  'trust-chain-broken': text(
    '信任文件与前一版本不衔接',
    'A trust file does not follow from the one before',
    '请依次取得中间各版本',
    'Fetch the versions in between, in order',
  ),
  'trust-key-dropped': text('公钥清单缺少原有密钥', 'A manifest has dropped a key', '密钥只能关闭，不得删除', 'A key is closed, never dropped'),
  'trust-key-reopened': text('公钥清单重新启用了已关闭的密钥', 'A manifest has reopened a closed key', '请更换新密钥', 'Use a new key'),
  'trust-anchor-differs': text(
    '联盟名录与所持信任锚不符',
    'An alliance list is not the one that the anchor names',
    '请从可信渠道核对信任锚',
    'Check the anchor with somebody you trust',
  ),
  'trust-member-repeated': text(
    '联盟名录中成员或密钥重复',
    'A member or key stands twice in the alliance list',
    '每个成员、每把密钥只能出现一次',
    'Name each member and each key once',
  ),
  'trust-threshold-unreachable': text(
    '签署门槛高于可签署成员数',
    'A threshold exceeds the number of members who may sign',
    '请降低门槛',
    'Lower the threshold',
  ),
  'trust-threshold-missed': text('有效签署数未达门槛', 'Too few members have signed', '请补足成员签署', 'Have more members sign'),
  'signature-repeated': text('同一密钥重复签署', 'One key has signed twice', '每把密钥只计一次', 'Each key counts once'),
  'key-repeated': text('密钥重复', 'A key stands twice', '一把密钥只有一个用途', 'One key has one use'),
  'key-use-differs': text('密钥用途不符', 'The key is for another use', '请使用相应用途的密钥', 'Use the key that is meant for it'),
  'key-outside-window': text('密钥不在有效期内', 'The key is outside its window', '请使用在期密钥', 'Use a key that is in force'),
  'key-revoked': text('密钥已关闭', 'The key has been closed', '请使用在期密钥', 'Use a key that is in force'),
  'key-last-of-use': text(
    '这是该用途唯一的在期密钥',
    'It is the only key in force for its use',
    '请先轮换密钥，再关闭此密钥',
    'Rotate the key first, then close this one',
  ),
} as const satisfies Record<string, FaultText>
