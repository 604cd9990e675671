import type { Localised } from './model/localised.ts'

interface FaultText extends Localised {
  readonly remedy: Localised
}

const text = (zh: string, en: string, remedyZh: string, remedyEn: string): FaultText => ({ zh, en, remedy: { zh: remedyZh, en: remedyEn } })

/** What each fault says, and what the reader can do about it. One line a code; the code is stable for other people's programs. */
export const faultTexts = {
  'bytes-too-many': text('内容超过允许的大小', 'The input is larger than allowed', '请拆分后重新提交', 'Split it and submit the parts'),
  'text-not-utf8': text('内容不是有效的 UTF-8', 'The input is not valid UTF-8', '请以 UTF-8（无 BOM）编码重新提交', 'Encode it as UTF-8 without a byte order mark'),
  'json-malformed': text('JSON 格式错误', 'The JSON is malformed', '请检查所指位置的语法', 'Check the syntax at the place named'),
  'json-too-deep': text('JSON 嵌套过深', 'The JSON is nested too deeply', '请减少嵌套层数', 'Nest it less deeply'),
  'json-member-repeated': text('JSON 成员重复', 'A JSON member is repeated', '同一对象中每个成员名只能出现一次', 'Name each member once within an object'),
  'json-member-forbidden': text('JSON 成员名不被允许', 'A JSON member name is not allowed', '请删除该成员', 'Remove the member'),
  'json-surrogate-lone': text('文本含有不成对的代理字符', 'A text holds a lone surrogate', '请更正该字符的编码', 'Correct the encoding of that character'),
  'base64url-malformed': text('base64url 编码错误', 'The base64url text is malformed', '请使用无填充的规范 base64url', 'Use canonical base64url without padding'),
  'jws-malformed': text('JWS 格式错误', 'The JWS is malformed', '请提交完整、未改动的签名文件', 'Submit the whole signed file, unchanged'),
  'key-weak': text('公钥不安全', 'The public key is unsafe', '请重新生成 Ed25519 密钥', 'Generate a new Ed25519 key'),
} as const satisfies Record<string, FaultText>
