import { text, type FaultText } from './fault-text.ts'

/** Ledgers that cannot be read as a whole; what is said of rows and cells stands in `model/finding-texts.ts`. */
export const ledgerFaults = {
  'ledger-unreadable': text('无法读取台账文件', 'The ledger file cannot be read', '请检查路径和权限', 'Check the path and the permissions'),
  'ledger-empty': text('台账文件是空的', 'The ledger file is empty', '请确认上传的是填写好的台账', 'Check that the filled-in ledger was submitted'),
  'ledger-no-rows': text('台账只有表头，没有数据', 'The ledger has a header and no rows', '请在表头下填写数据', 'Enter the rows below the header'),
  'ledger-format-unknown': text(
    '文件不是 CSV 或 .xlsx 台账',
    'The file is neither a CSV nor an .xlsx ledger',
    '请另存为 .xlsx 或 CSV（UTF-8）后提交',
    'Save it as .xlsx or CSV (UTF-8) and submit that',
  ),
  'ledger-xls-old': text(
    '文件是旧版 .xls 工作簿',
    'The file is a workbook in the old .xls format',
    '请另存为 .xlsx 后提交，仅改扩展名无效',
    'Save it as .xlsx; renaming it is not enough',
  ),
  'ledger-encrypted': text('工作簿设有打开密码', 'The workbook is protected by a password', '请取消打开密码后提交', 'Remove the password and submit it again'),
  'ledger-macro': text('工作簿含有宏', 'The workbook carries macros', '请另存为不含宏的 .xlsx 后提交', 'Save it as .xlsx without macros and submit that'),
  'ledger-archive-unsafe': text('压缩包结构不安全', 'The archive is unsafe to unpack', '请用表格软件重新另存为 .xlsx', 'Save the workbook anew as .xlsx'),
  'ledger-xml-doctype': text(
    '工作簿含有文档类型声明',
    'The workbook holds a document type declaration',
    '请用表格软件重新另存为 .xlsx',
    'Save the workbook anew as .xlsx',
  ),
  'ledger-sheets-several': text(
    '工作簿中不止一张工作表是台账（表头相同）',
    'More than one sheet of the workbook is a ledger: they have the same header',
    '请合并为一张工作表，或各存为一个文件；不导入的工作表请隐藏或删除',
    'Put them together into one sheet, or save each as a file of its own; hide or delete what is not to be imported',
  ),
  'ledger-encoding-unknown': text(
    '无法识别文件的文字编码',
    'The text encoding of the file is unknown',
    '请以 UTF-8、GB18030 或带标记的 UTF-16 保存',
    'Save it as UTF-8, GB18030 or UTF-16 with a byte order mark',
  ),
  'ledger-malformed': text('台账文件已损坏', 'The ledger file is damaged', '请用表格软件打开并重新保存', 'Open it in a spreadsheet program and save it again'),
  'ledger-too-large': text('台账超过允许的大小', 'The ledger is larger than allowed', '请拆分成几个文件', 'Split it into several files'),
  'ledger-too-complex': text(
    '台账过于复杂，无法在限定内存内读取',
    'The ledger is too complex to be read within the memory allowed',
    '请删除多余的工作表和内容，或拆分文件',
    'Remove sheets and content that are not needed, or split the file',
  ),
  'ledger-columns-missing': text('台账缺少必需的列', 'The ledger lacks required columns', '请补上所指的列', 'Add the columns named'),
  'ledger-columns-ambiguous': text('台账有两列表示同一内容', 'Two columns of the ledger mean the same', '请删除或改名其中一列', 'Remove or rename one of them'),
  'ledger-family-unsupported': text('该类证书不能从台账导入', 'Records of this family cannot be imported from a ledger', '请逐件录入', 'Enter them one by one'),
} as const satisfies Record<string, FaultText>
