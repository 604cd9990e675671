import type { Localised } from '#core/model/localised.ts'
import type { Exit } from './exit-codes.ts'

interface CliFaultText extends Localised {
  readonly exit: Exit
  readonly remedy: Localised
}

const text = (exit: Exit, zh: string, en: string, remedyZh: string, remedyEn: string): CliFaultText => ({
  exit,
  zh,
  en,
  remedy: { zh: remedyZh, en: remedyEn },
})

/** What can be wrong with the command line and with files on this machine. Everything else is a fault of core. */
export const cliFaultTexts = {
  'usage-wrong': text('usage', '命令行用法错误', 'The command line is wrong', '请运行 comity help 查看用法', 'See: comity help'),
  'input-missing': text(
    'no-input',
    '文件或目录不存在或无法读取',
    'The file or folder is missing or cannot be read',
    '请检查路径和权限',
    'Check the path and the permissions',
  ),
  'input-is-folder': text('no-input', '所给路径是目录', 'The path is a folder', '请给出文件，例如 DIR/*.sd-jwt', 'Name the files, for instance DIR/*.sd-jwt'),
  'output-failed': text(
    'no-output',
    '无法写入输出',
    'The output cannot be written',
    '请检查路径、权限和磁盘空间',
    'Check the path, the permissions and the disk space',
  ),
  'output-exists': text('no-output', '输出位置已有其他内容', 'Something else is at the place of the output', '请另选位置', 'Choose another place'),
  'port-unusable': text(
    'setting',
    '无法在此地址和端口监听',
    'Nothing can listen at this address and port',
    '端口可能已被占用，请另选',
    'The port may be in use; choose another',
  ),
  'driver-missing': text(
    'setting',
    '缺少数据库驱动',
    'The database drivers are missing',
    '请在 comity.mjs 所在目录执行 npm install better-sqlite3 pg',
    'Beside comity.mjs, run: npm install better-sqlite3 pg',
  ),
  'setting-wrong': text(
    'setting',
    '环境变量的值不正确',
    'An environment variable has a wrong value',
    '请检查 DATABASE_URL、COMITY_PASSPHRASE_FILE 与 COMITY_PKCS11_…',
    'Check DATABASE_URL, COMITY_PASSPHRASE_FILE and COMITY_PKCS11_…',
  ),
} as const satisfies Record<string, CliFaultText>

export type CliFaultCode = keyof typeof cliFaultTexts

/** A no of the command line itself. `at` is the option or the path concerned. */
export class CliFault extends Error {
  readonly code: CliFaultCode
  readonly at: string | undefined
  readonly detail: string | undefined

  constructor(
    code: CliFaultCode,
    { at, detail, cause }: { readonly at?: string | undefined; readonly detail?: string | undefined; readonly cause?: unknown } = {},
  ) {
    super([code, at, detail].filter((part) => part !== undefined).join(': '), cause === undefined ? undefined : { cause })
    this.name = 'CliFault'
    this.code = code
    this.at = at
    this.detail = detail
  }
}

export const usage = (at: string, detail?: string): CliFault => new CliFault('usage-wrong', { at, detail })
