import { faultTexts } from '../fault-texts.ts'
import type { FaultCode } from '../fault.ts'
import type { Localised } from '../model/localised.ts'

interface ReasonText extends Localised {
  /** What would make the answer yes, or whom to ask. */
  readonly remedy: Localised
}

const text = (zh: string, en: string, remedyZh: string, remedyEn: string): ReasonText => ({ zh, en, remedy: { zh: remedyZh, en: remedyEn } })

const askIssuer = ['请向发证机关核实', 'Ask the issuing bureau'] as const
const refreshTrust = ['请更新信任数据后重试', 'Refresh the trust data and verify again'] as const

const ownTexts = {
  'not-a-record': text('文件中没有可核验的记录', 'There is no record here to verify', '请提交签发的记录文件', 'Submit the record file that was issued'),
  'family-unknown': text('本版本不认识此类记录', 'This version does not know this kind of record', '请升级核验程序', 'Upgrade the verifier'),
  'key-binding-unsupported': text(
    '附有持有人绑定，本版本不能核验',
    'It carries a key binding that this version cannot verify',
    '请提交不带绑定的记录',
    'Submit the record without the binding',
  ),
  'issuer-unnamed': text(
    '所持信任名录中没有此发证机关',
    'No trust list that is held names this issuer',
    '请向联盟秘书处核实该机关；切勿使用记录或网页所给的地址',
    'Ask the alliance about this issuer; never follow an address from the record or a page',
  ),
  'issuer-disputed': text(
    '两份联盟名录为该机关指定了不同的密钥',
    'Two alliance lists name different keys for this issuer',
    '请向两个联盟的秘书处核实，由其更正名录',
    'Ask both alliances: one of the lists has to be put right',
  ),
  'manifest-missing': text('缺少发证机关的公钥清单', "The issuer's key manifest is missing", ...refreshTrust),
  'manifest-expired': text('发证机关的公钥清单已过期', "The issuer's key manifest has expired", ...refreshTrust),
  'manifest-stale': text('发证机关的公钥清单较旧', "The issuer's key manifest is stale", ...refreshTrust),
  'manifest-older-than-record': text('公钥清单早于此记录，不含其签名密钥', 'The manifest is older than the record and does not list its key', ...refreshTrust),
  'key-not-listed': text('签名密钥不在发证机关的公钥清单中', "The signing key is not in the issuer's manifest", ...askIssuer),
  'key-use-differs': text('该密钥不用于签发记录', 'The key is not for issuing records', ...askIssuer),
  'signature-wrong': text(
    '签名不符：内容被改动或并非该机关签发',
    'The signature does not match: the content was changed, or the issuer did not sign it',
    ...askIssuer,
  ),
  'content-refused': text('签名内容不符合该类记录的格式', 'The signed content does not fit its kind of record', ...askIssuer),
  'time-unproven': text(
    '没有可信时间证明：无法证明何时签发',
    'The time of signing is unproven',
    '如需证明，请附日志证明（.tlog-proof）',
    'A proof from the transparency log (.tlog-proof) would settle it',
  ),
  'log-proof-refused': text(
    '日志证明无法采信：格式或日志签名有误',
    'The log proof cannot be used: its form, or the signature of the log, is wrong',
    '请向发证机关重新索取日志证明',
    'Ask the issuing bureau for the proof again',
  ),
  'log-proof-differs': text('日志证明不属于此记录', 'The log proof is not of this record', '请附此记录自己的日志证明', 'Attach the proof of this very record'),
  'log-quorum-missed': text(
    '见证签名不足：日志所载时间未得其他城市证明',
    'Too few cosignatures: no other cities vouch for the time in the log',
    '请稍后重新索取日志证明',
    'Ask for the proof again a little later',
  ),
  'log-quorum-unset': text(
    '联盟未约定见证数，日志时间不作数',
    'No alliance of the issuer has agreed how many cities must cosign: no time counts',
    '请联盟在名录中约定见证数',
    'Have the alliance state the number in its list',
  ),
  'record-from-future': text('签发时间晚于核验时刻', 'It was signed after the instant asked about', '请核对核验时刻', 'Check the instant asked about'),
  'key-outside-window': text('签发时间不在密钥有效期内', "It says it was signed outside the key's window", ...askIssuer),
  'key-not-in-force': text(
    '密钥在核验时已不在有效期，且签发时间未证明',
    'The key is no longer in force and the time of signing is unproven',
    '请向发证机关换发或附日志证明',
    'Ask for a re-issue, or attach a log proof',
  ),
  'key-compromised': text(
    '签发或入日志的时间晚于密钥失密时间',
    'It was signed, or logged, after the key was compromised',
    '请向发证机关申请重新签发',
    'Ask the issuing bureau to issue it again',
  ),
  'key-scope-exceeded': text('超出该密钥的签发范围', 'It is outside what this key may issue', ...askIssuer),
  'issuer-not-authorised': text(
    '该机关未被授权签发此类记录',
    'The issuer is not authorised to issue this',
    '请向联盟秘书处核实授权',
    'Ask the alliance about the authorisation',
  ),
  'issuer-no-longer-authorised': text(
    '该机关现已不在授权之列，且签发时间未证明',
    'The issuer is no longer authorised and the time of signing is unproven',
    ...askIssuer,
  ),
  'alliance-list-expired': text('联盟名录已过期', 'The alliance list has expired', ...refreshTrust),
  'alliance-list-stale': text('联盟名录较旧', 'The alliance list is stale', ...refreshTrust),
  'alliance-list-missing': text('缺少联盟名录', 'The list of an alliance is missing', ...refreshTrust),
  'rule-set-expired': text('所依据的互认规则文件已过期', 'The rule set that it rests on has expired', ...refreshTrust),
  'rule-set-stale': text('所依据的互认规则文件较旧', 'The rule set that it rests on is stale', ...refreshTrust),
  'record-expired': text('记录已过有效期', 'The record has expired', ...askIssuer),
  'registration-expired': text(
    '执业注册已过期（资格仍有效）',
    'The registration to practise has expired (the qualification has not)',
    '请办理延续注册',
    'Renew the registration',
  ),
  'status-list-missing': text('缺少状态列表', 'The status list is missing', ...refreshTrust),
  'status-list-expired': text(
    '状态列表已过期，仅说明其发布时的状态',
    'The status list has expired: it says how things stood when it was published',
    ...refreshTrust,
  ),
  'status-list-stale': text('状态列表较旧', 'The status list is stale', ...refreshTrust),
  'status-index-out-of-range': text('状态位置超出列表范围', 'The status place is outside the list', ...askIssuer),
  'status-uri-foreign': text('状态列表地址不属于发证机关', "The status list named is not the issuer's", ...askIssuer),
  'status-before-list': text(
    '所问时刻早于状态列表，按历史记载作答',
    'The instant asked about is before the list; answered from its history',
    '如需确证请向发证机关核实',
    'Ask the issuing bureau for certainty',
  ),
  'status-suspended': text('记录处于暂停状态', 'The record is suspended', ...askIssuer),
  'status-revoked': text('记录已被撤销（自始无效）', 'The record was revoked and is void from the start', ...askIssuer),
  'status-penalty': text('记录已被吊销', 'The record was revoked as a penalty', ...askIssuer),
  'status-cancelled': text('记录已被注销', 'The record was cancelled', ...askIssuer),
  'status-voided': text('该证书文件已作废', 'This document was voided', '请使用换发后的证书', 'Use the document that took its place'),
  'source-revoked': text(
    '所依据的原证书已被撤销或吊销',
    'The record that it recognises was revoked',
    '请向原发证机关核实',
    'Ask the authority that issued the original',
  ),
  'status-unexplained': text('记录状态异常，原因未载明', 'The record is not in force; the list does not say why', ...askIssuer),
  imported: text(
    '由历史台账导入，并非原始签发',
    'Taken over from an old ledger, not issued natively',
    '必要时查阅原始档案',
    'Consult the original file where it matters',
  ),
} as const satisfies Record<string, ReasonText>

/** The reasons of verification itself. */
export type OwnReason = keyof typeof ownTexts

/** Why a check came out as it did: our own codes, and every fault that strict parsing can name. */
export type VerdictReason = OwnReason | FaultCode

/** Texts of every reason, Chinese and English, with the remedy. */
export const verdictReasonTexts: Readonly<Record<VerdictReason, ReasonText>> = { ...faultTexts, ...ownTexts }

/** The reasons of verification itself, beside those of parsing. */
export const ownReasons = Object.keys(ownTexts) as unknown as readonly VerdictReason[] // the keys of the table above
