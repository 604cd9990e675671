import type { FaultCode } from '#core/fault.ts'
import type { Localised } from '#core/model/localised.ts'
import type { Truth } from '#core/model/truth.ts'

const row = (code: number, zh: string, en: string) => ({ code, zh, en })

/** What the command ends with. From 64 on they are those of sysexits.h (BSD). Stable: other people's scripts read them. */
export const exits = {
  done: row(0, '是；或工作已完成', 'yes; or the work is done'),
  no: row(1, '否；或请求被拒绝', 'no; or what was asked is refused'),
  'cannot-tell': row(2, '无法判断：所需数据缺失或过旧', 'cannot tell: something that the answer needs is missing or too old'),
  usage: row(64, '命令行用法错误', 'usage: the words on the command line are wrong'),
  data: row(65, '输入文件的内容格式错误', 'an input file is malformed'),
  'no-input': row(66, '输入文件或目录不存在或无法读取', 'an input file or folder is missing or unreadable'),
  broken: row(70, '程序自身出错', 'the command itself broke'),
  'no-output': row(73, '无法写入输出文件、目录或标准输出', 'an output file or folder, or standard output, cannot be written'),
  again: row(75, '未做完，可重新运行（被中断或系统繁忙）', 'not finished, run it again: interrupted, or busy'),
  setting: row(78, '节点或环境未就绪：尚未建立、口令文件、数据库', 'the node or the environment is not fit: not initialised, passphrase file, database'),
} as const satisfies Record<string, Localised & { readonly code: number }>

export type Exit = keyof typeof exits

export const exitOfTruth: Readonly<Record<Truth, Exit>> = { yes: 'done', no: 'no', 'cannot-tell': 'cannot-tell' }

/** Faults that are not a plain no. */
const exitOfFault: Partial<Record<FaultCode, Exit>> = {
  'bytes-too-many': 'data',
  'text-not-utf8': 'data',
  'json-malformed': 'data',
  'json-too-deep': 'data',
  'json-member-repeated': 'data',
  'json-member-forbidden': 'data',
  'json-surrogate-lone': 'data',
  'base64url-malformed': 'data',
  'jws-malformed': 'data',
  'sd-jwt-malformed': 'data',
  'disclosure-malformed': 'data',
  'draft-malformed': 'data',
  'key-malformed': 'data',
  'key-private': 'data',
  'request-malformed': 'data',
  'trust-malformed': 'data',
  'bundle-malformed': 'data',
  'bundle-damaged': 'data',
  'bundle-signature-wrong': 'data',
  'bundle-version-unknown': 'data',
  'trust-anchor-differs': 'data',
  'bundle-file-repeated': 'data',
  'ledger-unreadable': 'no-input',
  'division-unknown': 'usage',
  'ledger-family-unsupported': 'usage',
  'status-reason-unknown': 'usage',
  'storage-busy': 'again',
  'commit-unknown': 'again',
  'storage-failed': 'broken',
  'storage-full': 'setting',
  'storage-unwritable': 'setting',
  'storage-damaged': 'setting',
  'storage-unreachable': 'setting',
  'sealed-damaged': 'broken',
  'storage-not-durable': 'setting',
  'migration-changed': 'setting',
  'migration-unknown': 'setting',
  'node-not-initialised': 'setting',
  'passphrase-wrong': 'setting',
  'passphrase-too-short': 'setting',
  'passphrase-file-unsafe': 'setting',
  'passphrase-file-unreadable': 'setting',
  'device-not-configured': 'setting',
  'device-support-missing': 'setting',
  'device-module-unusable': 'setting',
  'device-absent': 'setting',
  'device-pin-refused': 'setting',
  'device-key-missing': 'setting',
  'device-failed': 'again',
  'device-key-exposed': 'broken',
  'device-signature-wrong': 'broken',
}

export const exitOf = (code: FaultCode): Exit => exitOfFault[code] ?? 'no'
