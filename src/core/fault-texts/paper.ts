import { text, type FaultText } from './fault-text.ts'

/** The code on paper. "Damaged" and "made by newer software" are told apart, and neither is told as "forged". */
export const paperFaults = {
  'paper-record-unfit': text(
    '该证书无法制成纸质码',
    'The record cannot be made into a paper code',
    '请提交完整、未改动且不带绑定证明的证书',
    'Submit the whole record, unchanged and without a key binding',
  ),
  'paper-code-too-long': text(
    '内容过长，无法印成可扫描的码',
    'It is too long for a code that can be scanned',
    '请减少披露项，或改为提交证书文件',
    'Disclose fewer groups, or hand over the record file instead',
  ),
  'paper-code-damaged': text(
    '纸质码不完整或有误读',
    'The paper code is incomplete or was misread',
    '请重新扫描，或完整复制全部数字；这不表示证书是伪造的',
    'Scan it again, or copy all of its digits; this does not mean that the certificate is forged',
  ),
  'paper-code-truncated': text(
    '纸质码在中途结束',
    'The paper code ends too early',
    '请重新扫描，或完整复制全部数字',
    'Scan it again, or copy all of its digits',
  ),
  'paper-code-trailing': text('纸质码之后有多余的内容', 'Something follows the end of the paper code', '请只扫描一个码', 'Scan one code alone'),
  'paper-code-malformed': text(
    '纸质码的内容不成格式',
    'The content of the paper code is malformed',
    '请重新扫描；若仍如此，请向签发机构索取证书文件',
    'Scan it again; if that does not help, ask the issuing authority for the record file',
  ),
  'paper-text-too-long': text(
    '纸质码展开后超过允许的大小',
    'The paper code unpacks to more than allowed',
    '证书不会这么大：请勿信任该码，并向签发机构查询',
    'No record is that large: do not trust this code, and ask the issuing authority',
  ),
  'paper-format-unknown': text(
    '纸质码的格式版本较新，本程序尚不认识',
    'The paper code is of a newer format that this program does not know',
    '请更新本程序，或打开签发机构当前的核验页面',
    'Update this program, or open the current verify page of the issuing authority',
  ),
  'paper-dictionary-unknown': text(
    '纸质码使用了较新的字典，本程序尚没有',
    'The paper code uses a newer dictionary that this program does not have',
    '请更新本程序，或打开签发机构当前的核验页面',
    'Update this program, or open the current verify page of the issuing authority',
  ),
} as const satisfies Record<string, FaultText>
