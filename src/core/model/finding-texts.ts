import type { Localised } from './localised.ts'

interface FindingText {
  readonly message: Localised
  readonly remedy: Localised
}

const text = (zh: string, en: string, remedyZh: string, remedyEn: string): FindingText => ({ message: { zh, en }, remedy: { zh: remedyZh, en: remedyEn } })

/** What can be said of a value read from outside (a form, a ledger cell): the stable code, what it means, what to do. */
export const findingTexts = {
  'name-blank': text('姓名为空', 'The name is blank', '请填写姓名', 'Enter the name'),

  'full-width': text(
    '全角字符已转为半角',
    'Full-width characters were made half-width',
    '无需处理；下次请用半角填写',
    'Nothing to do; use half-width next time',
  ),
  'blanks-removed': text('已去除空格', 'Blanks were removed', '无需处理', 'Nothing to do'),
  'letters-upper-cased': text('小写字母已转为大写', 'Small letters were made capitals', '无需处理', 'Nothing to do'),
  'digits-lost': text(
    '号码已被电子表格转成科学计数，末几位数字已丢失',
    'A spreadsheet has turned the number into scientific notation and lost its last digits',
    '请按证件重新填写，并将该列设为文本格式',
    'Enter it again from the document, in a column formatted as text',
  ),

  'date-blank': text('日期为空', 'The date is blank', '请填写日期', 'Enter the date'),
  'date-form-unknown': text(
    '无法识别的日期写法',
    'The date is written in an unknown way',
    '请写作 2021-03-29、2021-03 或 2021',
    'Write it as 2021-03-29, 2021-03 or 2021',
  ),
  'date-ambiguous': text('日期写法有两种解释', 'The date can be read in two ways', '请写作 2021-03-29 或 2021-03', 'Write it as 2021-03-29 or 2021-03'),
  'date-impossible': text('日期不存在', 'There is no such day', '请核对证书上的日期', 'Check the date on the certificate'),
  'date-before-1900': text('年份早于 1900 年', 'The year is before 1900', '请核对证书上的日期', 'Check the date on the certificate'),
  'date-compact': text('已将连写日期加上分隔', 'A date without separators was separated', '无需处理', 'Nothing to do'),
  'date-dotted': text('已将点分日期改为标准写法', 'A dotted date was made standard', '无需处理', 'Nothing to do'),
  'date-slashed': text('已将斜线日期改为标准写法', 'A slashed date was made standard', '无需处理', 'Nothing to do'),
  'date-unpadded': text('已将月日补足两位', 'Month and day were given two digits', '无需处理', 'Nothing to do'),
  'date-chinese': text('已将年月日写法改为标准写法', 'A date in Chinese form was made standard', '无需处理', 'Nothing to do'),
  'date-excel-serial': text('已将 Excel 日期序号换算为日期', 'An Excel serial number was converted to its date', '请抽查该日期', 'Spot-check the date'),
  'date-time-dropped': text('已去除零点时间', 'A midnight time was dropped', '无需处理', 'Nothing to do'),

  'person-id-blank': text('证件号码为空', 'The identity number is blank', '请填写证件号码', 'Enter the identity number'),
  'person-id-form-unknown': text(
    '证件号码格式不符',
    'The identity number has no known form',
    '请核对证件号码和证件类型',
    'Check the number and the kind of document',
  ),
  'person-id-kind-mismatch': text('证件号码与证件类型不符', 'The number belongs to another kind of document', '请核对证件类型', 'Check the kind of document'),
  'person-id-province-unknown': text(
    '证件号码的省级代码不存在',
    'The number begins with a province that does not exist',
    '请按证件核对号码',
    'Check the number on the document',
  ),
  'person-id-birth-impossible': text(
    '证件号码中的出生日期不存在',
    'The birth date in the number does not exist',
    '请按证件核对号码',
    'Check the number on the document',
  ),
  'person-id-birth-in-future': text(
    '证件号码中的出生日期在将来',
    'The birth date in the number is in the future',
    '请按证件核对号码',
    'Check the number on the document',
  ),
  'person-id-birth-before-1900': text(
    '证件号码中的出生年份早于 1900 年',
    'The birth year in the number is before 1900',
    '请按证件核对号码',
    'Check the number on the document',
  ),
  'person-id-check-digit': text(
    '证件号码校验码错误',
    'The check character of the identity number is wrong',
    '请按证件核对号码',
    'Check the number on the document',
  ),
  'person-id-15-digits': text(
    '已将 15 位旧号码换算为 18 位（旧证自 2013 年起无效，仅用于核对旧档案）',
    'The old 15-digit number was converted to 18 (such cards lapsed in 2013; for matching old files only)',
    '请按新证核对',
    'Check it against the current document',
  ),
  'person-id-area-unknown': text(
    '证件号码的区县代码不在区划表中',
    'The district in the number is not in the division table',
    '请按证件核对；属实即可保留',
    'Check it against the document; keep it if it is right',
  ),
  'person-id-area-withdrawn': text(
    '证件号码的区县代码已撤销，号码仍然有效',
    'The district in the number has been withdrawn; the number stays valid',
    '无需处理',
    'Nothing to do',
  ),

  'name-digit': text('姓名含有数字', 'The name contains a digit', '请按证件更正姓名', 'Correct the name from the document'),
  'name-markup': text('姓名含有标记符号', 'The name contains markup', '请按证件更正姓名', 'Correct the name from the document'),
  'name-control': text('姓名含有不可见的控制字符', 'The name contains invisible control characters', '请重新输入姓名', 'Type the name again'),
  'name-character': text('姓名含有不允许的字符', 'The name contains a character that no name has', '请按证件更正姓名', 'Correct the name from the document'),
  'name-form-unknown': text(
    '姓名的间隔号位置不对或没有文字',
    'The name has a separator in the wrong place, or no letters',
    '请按证件更正姓名',
    'Correct the name from the document',
  ),
  'name-too-long': text('姓名超过 100 个字符', 'The name is longer than 100 characters', '请按证件更正姓名', 'Correct the name from the document'),
  'name-separator': text('姓名间隔号已统一为“·”（U+00B7）', 'The name separator was made U+00B7', '无需处理', 'Nothing to do'),
  'name-composed': text('姓名字符已合成为标准编码（NFC）', 'Characters of the name were composed (NFC)', '无需处理', 'Nothing to do'),
  'name-private-use': text(
    '姓名含有私有区字符，无法与其他系统对应',
    'The name contains private-use characters that other systems cannot match',
    '请核对该字的国家标准编码',
    'Find the standard code of that character',
  ),

  'document-number-blank': text('文号为空', 'The document number is blank', '请填写文号', 'Enter the document number'),
  'document-number-form-unknown': text(
    '文号格式不符',
    'The document number has no known form',
    '请写作 鲁人社字〔2023〕45号',
    'Write it as 鲁人社字〔2023〕45号',
  ),
  'document-number-not-canonical': text(
    '文号未规范化',
    'The document number is not in canonical form',
    '请写作 鲁人社字〔2023〕45号，括号用〔〕',
    'Write it as 鲁人社字〔2023〕45号, the year in 〔〕',
  ),
  'document-number-brackets': text('文号括号已统一为〔〕', 'The brackets of the document number were made 〔〕', '无需处理', 'Nothing to do'),
  'document-number-ordinal': text('文号中的“第”字已去除', '第 was removed from the document number', '无需处理', 'Nothing to do'),

  'number-blank': text('证书编号为空', 'The certificate number is blank', '请填写证书编号', 'Enter the certificate number'),
  'number-too-long': text('证书编号超过 64 个字符', 'The certificate number is longer than 64 characters', '请核对证书编号', 'Check the certificate number'),
  'number-character': text(
    '证书编号含有不可见或不允许的字符',
    'The certificate number contains invisible or forbidden characters',
    '请重新输入证书编号',
    'Type the certificate number again',
  ),
  'number-not-canonical': text(
    '证书编号未规范化',
    'The certificate number is not in canonical form',
    '数字和字母请用半角，首尾不留空格',
    'Write digits and letters in half width, without blanks at either end',
  ),
  'number-scheme-mismatch': text(
    '证书编号不符合发证机关的编号规则',
    'The certificate number does not follow its issuer’s scheme',
    '请核对证书编号',
    'Check the certificate number',
  ),
  'number-check': text('证书编号校验位错误', 'The check character of the certificate number is wrong', '请核对证书编号', 'Check the certificate number'),

  'skill-number-form-unknown': text(
    '技能证书编号格式不符',
    'The skill-certificate number has no known layout',
    '请核对证书编号',
    'Check the certificate number',
  ),
  'occupation-code-form-unknown': text('职业编码格式不符', 'The occupation code has no known form', '请写作 6-31-01-03', 'Write it as 6-31-01-03'),

  'uscc-blank': text('统一社会信用代码为空', 'The unified social credit code is blank', '请填写统一社会信用代码', 'Enter the code'),
  'uscc-form-unknown': text(
    '统一社会信用代码格式不符',
    'The unified social credit code has no valid form',
    '请按执照核对；代码不含 I、O、S、V、Z',
    'Check the licence; the code has no I, O, S, V or Z',
  ),
  'uscc-check': text(
    '统一社会信用代码校验码错误',
    'The check character of the unified social credit code is wrong',
    '请按执照核对；属实的由经办人说明理由后放行',
    'Check the licence; if it is right, an officer may let it pass with a reason',
  ),
  'uscc-organisation-check': text(
    '主体标识码（第 17 位）校验不符',
    'The organisation part fails its own check (position 17)',
    '请按执照核对；属实即可保留',
    'Check the licence; keep it if it is right',
  ),

  'e-licence-id-form-unknown': text(
    '电子证照标识格式不符',
    'The electronic-licence identifier has no valid form',
    '请核对电子证照标识',
    'Check the identifier',
  ),
  'e-licence-id-check': text(
    '电子证照标识校验位错误',
    'The check character of the electronic-licence identifier is wrong',
    '请核对电子证照标识',
    'Check the identifier',
  ),

  'title-level-unknown': text(
    '无法识别的职称级别',
    'The title level is unknown',
    '请填写正高级、副高级、中级、助理级或员级',
    'Enter 正高级, 副高级, 中级, 助理级 or 员级',
  ),
  'title-level-ambiguous': text(
    '职称级别可指两级',
    'The title level can mean two levels',
    '请写明正高级或副高级、助理级或员级',
    'Say which: 正高级 or 副高级, 助理级 or 员级',
  ),
  'obtain-method-unknown': text(
    '无法识别的取得方式',
    'How the title was obtained is not known',
    '请填写评审、考核认定、以考代评、考评结合、确认、直评、转评或自主评审',
    'Enter 评审, 考核认定, 以考代评, 考评结合, 确认, 直评, 转评 or 自主评审',
  ),
  'name-not-canonical': text(
    '姓名未规范化',
    'The name is not in canonical form',
    '间隔号请用“·”（U+00B7），不留多余空格；原证书的写法另填',
    'Separate by U+00B7, without needless blanks; the name as issued has a place of its own',
  ),
  'identity-not-canonical': text(
    '证件号码未规范化',
    'The identity number is not in canonical form',
    '请按规范形式填写（大写 X、半角、无空格）',
    'Write it with a capital X, half-width, without blanks',
  ),
  'identity-number-visible': text(
    '公开栏目中含有证件号码',
    'An identity number stands where everybody can read it',
    '请核对各栏内容；证件号码只填在证件号码栏',
    'Check what is in the columns; an identity number belongs into its own column alone',
  ),
  'gender-contradicts-identity': text(
    '性别与证件号码不一致',
    'The gender contradicts the identity number',
    '请核对性别与证件号码',
    'Check the gender and the number',
  ),
  'birth-contradicts-identity': text(
    '出生日期与证件号码不一致',
    'The birth date contradicts the identity number',
    '请核对出生日期与证件号码',
    'Check the birth date and the number',
  ),
  'date-in-future': text('日期晚于今天', 'The date lies in the future', '请核对日期', 'Check the date'),
  'date-out-of-order': text('日期先后颠倒', 'The dates are out of order', '请核对先后日期', 'Check the order of the dates'),
  'date-before-birth': text('日期早于出生日期', 'The date lies before birth', '请核对日期与出生日期', 'Check the date and the birth date'),
  'holder-too-young': text('取得时未满十六周岁', 'The holder was under sixteen', '请核对日期与出生日期', 'Check the date and the birth date'),
  'series-unknown': text('不在国家职称系列之内', 'Not one of the national title series', '请填写国家 27 个职称系列之一', 'Give one of the 27 national series'),
  'title-not-in-series': text('该系列没有此职称名称', 'The series has no such title', '请核对系列与职称名称', 'Check the series and the title'),
  'title-not-canonical': text(
    '职称名称未规范化',
    'The title is not in canonical form',
    '请使用现行名称，原名另填',
    'Use the current name; the old one has a place of its own',
  ),
  'document-without-end': text('此类证书不设有效期', 'A document of this kind does not expire', '请删去失效日期', 'Leave the expiry out'),
  'level-title-mismatch': text('级别与职称名称不符', 'The level does not belong to the title', '请核对级别与职称名称', 'Check the level and the title'),
  'qualification-not-in-catalogue': text(
    '不在现行国家职业资格目录内',
    'Not in the present national catalogue',
    '请核实是否为目录调整前的资格',
    'Check whether it was in the catalogue before',
  ),
  'place-unknown': text('该行政区划代码当时不存在', 'There was no place with this division code then', '请核对行政区划代码', 'Check the division code'),
  'first-conclusion-supersedes': text('初次鉴定不能取代其他结论', 'A first appraisal supersedes nothing', '请核对鉴定类别', 'Check the stage'),
  'mode-recognises-nothing': text('此方式不构成互认', 'This mode recognises nothing', '请转人工办理', 'Hand the case to an officer'),
  'outside-issuing-scope': text('超出本机关签发范围', 'Outside what this authority may issue', '请核对签发权限', 'Check the authority to issue'),
  'number-level-mismatch': text(
    '证书编号所含级别与级别不符',
    'The level in the certificate number differs from the level',
    '请核对编号与级别',
    'Check the number and the level',
  ),

  'cell-blank': text('必填项为空', 'A required cell is blank', '请填写该项', 'Fill it in'),
  'cell-formula': text(
    '单元格是公式',
    'The cell is a formula',
    '请改为文字：复制后选择性粘贴为值，并核对内容',
    'Make it text: copy, paste as value, and check it',
  ),
  'cell-unreadable': text(
    '单元格是错误值或乱码',
    'The cell is an error value, or its characters cannot be read',
    '请重新填写，并以 UTF-8 或 .xlsx 保存',
    'Enter it again and save as UTF-8 or .xlsx',
  ),
  'text-too-long': text('内容超过 200 个字符', 'The text is longer than 200 characters', '请按证书填写', 'Enter what the certificate says'),
  'text-character': text('内容含有不可见的控制字符', 'The text contains invisible control characters', '请重新输入该项', 'Type it again'),
  'row-too-long': text(
    '该行的内容多于表头的列',
    'The row has more cells than the header',
    '请检查是否有未加引号的分隔符使内容错位',
    'Look for an unquoted separator that shifts the cells',
  ),
  'row-repeated': text('与本文件前面的一行内容相同', 'The row repeats an earlier row of this file', '请删除重复的行', 'Remove the repeated row'),
  'number-repeated': text(
    '同一人的同一证书编号在本文件中出现两次，内容不同',
    'The same person has this number twice in this file, with different content',
    '请核对后保留正确的一行',
    'Check, and keep the row that is right',
  ),
  'number-of-another-person': text(
    '证书编号在本文件中已属于另一人',
    'The certificate number belongs to another person in this file',
    '请按证书核对编号',
    'Check the number on the certificate',
  ),
  'gender-unknown': text('无法识别的性别', 'The gender is unknown', '请填写男或女', 'Enter 男 or 女'),
  'person-id-kind-unknown': text(
    '无法识别的证件类型',
    'The kind of identity document is unknown',
    '请填写居民身份证、港澳居民居住证、台湾居民居住证、外国人永久居留身份证、通行证或护照',
    'Enter 居民身份证, 港澳居民居住证, 台湾居民居住证, 外国人永久居留身份证, a travel permit or 护照',
  ),
  'scope-unknown': text(
    '无法识别的有效范围',
    'The validity scope is unknown',
    '请填写全国、全省、全市、本县、本单位或基层',
    'Enter 全国, 全省, 全市, 本县, 本单位 or 基层',
  ),
  'issuer-not-this-bureau': text(
    '发证机关不是本机关',
    'The certificate was issued by another authority',
    '请由发证机关导入；若是本机关的曾用名称，请先登记',
    'Let that authority import it; if it is a former name of this bureau, enter that name first',
  ),
  'title-legacy-name': text(
    '旧职称名称已对应到现行名称，原名保留',
    'A former title name was mapped to the current one; the name as issued is kept',
    '请抽查对应关系',
    'Spot-check the mapping',
  ),
  'title-level-by-title': text('级别可指两级，已按职称名称确定', 'The level can mean two; the title decided which', '请抽查级别', 'Spot-check the level'),
  'skill-level-unknown': text(
    '无法识别的技能等级',
    'The skill level is unknown',
    '请填写五级/初级工、四级/中级工、三级/高级工、二级/技师、一级/高级技师、特级技师或首席技师',
    'Enter 五级/初级工, 四级/中级工, 三级/高级工, 二级/技师, 一级/高级技师, 特级技师 or 首席技师',
  ),
  'number-year-mismatch': text(
    '证书编号中的年份与发证日期不同',
    'The year in the number is not the year of issue',
    '请按证书核对编号和日期',
    'Check number and date on the certificate',
  ),
  'qualification-level-mismatch': text(
    '级别与资格名称不符',
    'The level contradicts the name of the qualification',
    '请按证书核对级别',
    'Check the level on the certificate',
  ),
  'registration-incomplete': text(
    '注册信息不完整',
    'The registration is incomplete',
    '请同时填写注册号和注册日期',
    'Enter both the registration number and its date',
  ),
  'already-registered': text('此证书已登记，未重复签发', 'This certificate is registered already; nothing was issued', '无需处理', 'Nothing to do'),
  'number-registered-otherwise': text(
    '证书编号已登记，但内容不同',
    'The number is registered with other content',
    '请核对是否为更正；更正请走变更流程',
    'Check whether it is a correction; those have a procedure of their own',
  ),
  'row-unfit': text(
    '该行内容不符合记录格式',
    'The row does not fit the form of a record',
    '请核对各列长度与字符',
    'Check the length and characters of its cells',
  ),

  'signature-missing': text('该成员尚未签署', 'This member has not signed', '请其签署后重试', 'Have it sign, then try again'),
} as const satisfies Record<string, FindingText>

export type FindingCode = keyof typeof findingTexts
