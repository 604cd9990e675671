import { usage } from './cli-fault.ts'
import { nodeOptions, type Given, type Option } from './command.ts'

/** Options of commands that make a sheet. */
export const sheetOptions = {
  ...nodeOptions,
  out: { kind: 'text', value: 'FILE', required: true, text: { zh: '写入的 PDF 文件', en: 'The PDF file to write' } },
  identity: {
    kind: 'text',
    value: 'masked|full',
    text: { zh: '证件号码遮盖或完整显示，默认遮盖', en: 'The identity number covered, or in full; covered by default' },
  },
  address: {
    kind: 'text',
    value: 'URL',
    text: { zh: '公众核验本节点记录的网址，默认为机关标识', en: 'Where anybody verifies records at this node; the issuer URL by default' },
  },
} as const satisfies Record<string, Option>

export function readIdentity(given: Given): 'masked' | 'full' {
  const text = given.text('identity') ?? 'masked'
  if (text !== 'masked' && text !== 'full') throw usage('--identity', 'masked, full')
  return text
}

/** Without a slash at its end: it is printed, and made into a code. */
export function readAddress(given: Given, iss: string): string {
  const text = given.text('address') ?? iss
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol) || text.length > 200) throw usage('--address', 'https://hrss.example.gov.cn')
  return text.replace(/\/+$/, '')
}
