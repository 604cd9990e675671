import type { Localised } from '../model/localised.ts'

/** What is said, and what the reader can do about it. */
export interface FoundText extends Localised {
  readonly remedy: Localised
}

const text = (zh: string, en: string, remedyZh: string, remedyEn: string): FoundText => ({ zh, en, remedy: { zh: remedyZh, en: remedyEn } })

const original = ['请向持证人索取证书原件（PDF）或记录文件', 'Ask the holder for the original certificate (PDF) or record file'] as const
const clearer = ['请提供清晰、完整的二维码图片，或证书原件（PDF）', 'Offer a sharp and whole picture of the code, or the original PDF'] as const

/** Why there is nothing to check in what was offered. None of it says that anything was forged. */
export const nothingTexts = {
  'file-empty': text('文件是空的', 'The file is empty', ...original),
  'format-unknown': text('不是可核验的文件格式', 'This kind of file holds no record that can be checked', ...original),
  'pdf-without-record': text('这份 PDF 没有附带签名记录', 'This PDF carries no signed record', ...original),
  'picture-without-code': text('图片中没有找到二维码', 'No code was found in the picture', ...clearer),
  'code-of-something-else': text('二维码不是证书的二维码', 'The code is not the code of a certificate', ...clearer),
  'proof-without-record': text(
    '这是一份日志证明，单独没有可核验的内容',
    'This is a log proof; by itself there is nothing to check in it',
    '请与它的记录文件（文件名相同）一起选择或拖入',
    'Choose or drop it together with its record file, which has the same name',
  ),
  'text-without-record': text('文字中没有签名记录', 'There is no signed record in this text', ...original),
} as const satisfies Record<string, FoundText>
export type NothingReason = keyof typeof nothingTexts

/** Why it could not be looked at now, or not judged. */
export const unreadTexts = {
  'file-too-large': text('文件过大，未读取', 'The file is too large and was not read', ...original),
  'file-unreadable': text('无法读取该文件', 'The file could not be read', '请重新选择该文件', 'Choose the file again'),
  'pdf-encrypted': text('PDF 已加密，无法读取', 'The PDF is encrypted and cannot be read', '请索取未加密的原件', 'Ask for the original without a password'),
  'pdf-damaged': text('PDF 已损坏', 'The PDF is damaged', ...original),
  'picture-too-large': text(
    '图片尺寸过大，未读取',
    'The picture is too large and was not read',
    '请只拍摄或截取二维码部分',
    'Take a picture of the code alone',
  ),
  'picture-damaged': text('图片已损坏，无法读取', 'The picture is damaged and cannot be read', ...clearer),
  'picture-kind-unread': text(
    '浏览器打不开这种图片（如 HEIC、TIFF）',
    'This browser cannot open this kind of picture (HEIC, TIFF)',
    '请提供 JPEG、PNG 图片，或对它截图',
    'Offer a JPEG or PNG, or a screenshot of it',
  ),
  'svg-refused': text('不读取 SVG 图片', 'SVG pictures are not read', '请提供 PNG 或 JPEG 图片', 'Offer a PNG or JPEG picture'),
  'code-damaged': text('二维码内容不完整或已损坏', 'What the code holds is incomplete or damaged', ...clearer),
  'code-too-new': text(
    '二维码的版本比本页新',
    'The code is of a newer version than this page',
    '请联网重新载入本页后重试',
    'Reload this page online and try again',
  ),
  'took-too-long': text('读取用时过长，已放弃', 'Reading took too long and was given up', ...original),
  'reader-unavailable': text(
    '读取该类文件所需的组件未能载入',
    'The part that reads this kind of file could not be loaded',
    '请联网后重试',
    'Go online and try again',
  ),
  'trust-not-held': text(
    '本设备还没有信任数据，也联系不上节点',
    'This device holds no trust data yet, and the node cannot be reached',
    '请联网后重试，或选择离线包',
    'Go online and try again, or choose an offline bundle',
  ),
} as const satisfies Record<string, FoundText>
export type UnreadReason = keyof typeof unreadTexts

/** What must be said of the carrier, whatever the record is worth. */
export const carrierTexts = {
  'several-records': text(
    '同一文件中有多份记录，已分别列出',
    'The same file carries several records; each is listed on its own',
    '请确认所需的是哪一份，姓名与编号以签署的内容为准',
    'Make sure which one is meant: name and number as they were signed',
  ),
  'attachment-unread': text(
    '文件所附的记录已损坏，未能读取；所核验的是页面上印刷的二维码',
    'The record attached to the file is damaged and was not read; what was checked is the code printed on its page',
    '请向持证人索取完好的文件',
    'Ask the holder for an undamaged file',
  ),
  'pdf-changed-after-issue': text(
    '这份 PDF 在签发后被改动过；所附记录未变',
    'This PDF was changed after issue; the record that it carries was not',
    '请只以下方签署的内容为准，勿采信 PDF 页面上的文字',
    'Go by the signed content below, never by the text on the pages of the PDF',
  ),
  'other-attachments': text(
    '这份 PDF 还带有其他附件，未作核验',
    'This PDF carries other attachments, which were not checked',
    '请只以下方签署的内容为准',
    'Go by the signed content below',
  ),
  'other-proofs': text(
    '文件还带有其他日志证明，未采用',
    'It came with other log proofs, which were not used',
    '入日志时间请以核验结果所列为准',
    'Go by the time in the log that is told here',
  ),
  'two-kinds-of-file': text(
    '这个文件同时也是另一种文件，别的程序可能显示别的内容',
    'This file is of two kinds at once: another program may show something else',
    '请只以下方签署的内容为准',
    'Go by the signed content below',
  ),
  'not-all-read': text(
    '文件内容过多，只读取了前面一部分',
    'The file holds more than is read of one file; only its beginning was',
    '请拆分后分别核验',
    'Split it and check the parts',
  ),
  'other-codes': text(
    '图片中还有其他二维码，未作核验',
    'The picture shows other codes, which were not checked',
    '请只以下方签署的内容为准',
    'Go by the signed content below',
  ),
} as const satisfies Record<string, FoundText>
export type CarrierNote = keyof typeof carrierTexts
