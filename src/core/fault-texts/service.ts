import { text, type FaultText } from './fault-text.ts'

/** HTTP, tokens and neighbours. */
export const serviceFaults = {
  'idempotency-key-missing': text(
    '缺少或无效的 Idempotency-Key 请求头',
    'The Idempotency-Key header is missing or unusable',
    '每个写请求请附 1 至 128 个可见 ASCII 字符的 Idempotency-Key',
    'Send 1 to 128 visible ASCII characters as Idempotency-Key with every write',
  ),
  'content-type-refused': text(
    '内容类型不被接受',
    'The content type is not accepted',
    '请使用接口文档所列的内容类型，不压缩，编码为 UTF-8',
    'Use the content type that the API describes, uncompressed, in UTF-8',
  ),
  'route-unknown': text('没有此地址', 'There is nothing at this address', '请核对地址', 'Check the address'),
  'method-refused': text(
    '此地址不支持该方法',
    'The address does not take this method',
    '请使用 Allow 响应头所列方法',
    'Use a method that the Allow header lists',
  ),
  'requests-too-many': text(
    '请求过于频繁',
    'There are too many requests',
    '请在 Retry-After 所示秒数后重试',
    'Try again after the seconds that Retry-After says',
  ),
  'token-missing': text(
    '缺少访问令牌',
    'There is no access token',
    '请在 Authorization 请求头中附 Bearer 令牌',
    'Send a Bearer token in the Authorization header',
  ),
  'token-refused': text(
    '访问令牌无效、已过期，或其客户端已停用',
    'The access token is wrong, has expired, or its client has been closed',
    '请重新获取令牌',
    'Obtain a new token',
  ),
  'assertion-refused': text(
    '客户端断言未通过验证',
    'The client assertion was not accepted',
    '请核对客户端标识、密钥、aud、exp 和 jti',
    'Check the client id, the key, aud, exp and jti',
  ),
  'grant-refused': text('不支持该授权类型', 'The grant type is not supported', '请使用 client_credentials', 'Use client_credentials'),
  'scope-refused': text(
    '所请求的职责均未授予该客户端',
    'The client holds none of the duties asked for',
    '请核对 scope，或由管理员授予职责',
    'Check the scope, or have the duty given to the client',
  ),
  'trust-file-unknown': text('没有该信任文件', 'There is no such trust file', '请查看 /trust/index.json', 'Look at /trust/index.json'),
  'node-not-ready': text('节点尚未就绪', 'The node is not ready', '请查看所列各项', 'Look at what is listed'),
  'import-file-gone': text('导入文件已按期删除', 'The file of the import has been deleted as scheduled', '请重新提交台账', 'Submit the ledger again'),
  'neighbour-slow': text(
    '邻近节点在规定时间内只给出了一部分',
    'A neighbour has given a part only in the time that it is granted',
    '下一轮将从该处继续；如持续如此，请联系该市',
    'The next round goes on from there; if it stays so, talk to that city',
  ),
  'neighbour-unreachable': text('无法从邻近节点取得数据', 'A neighbour could not be reached', '请检查网络，稍后重试', 'Check the network and try again later'),
  'neighbour-address-refused': text(
    '邻近节点的地址不可用',
    "A neighbour's address cannot be used",
    '请核对联盟名录中的地址',
    'Check the address in the alliance list',
  ),
  'service-answer-malformed': text('对方的应答格式错误', 'The other side gave a malformed answer', '请核对地址和版本', 'Check the address and the version'),
  'service-unreachable': text('无法连接该服务', 'The service cannot be reached', '请核对地址并检查网络', 'Check the address and the network'),
  'certificate-family-unknown': text(
    '本版本没有此类记录的证书版式',
    'This version has no certificate for this kind of record',
    '请升级程序，或直接使用记录文件',
    'Upgrade, or use the record file as it is',
  ),
  'certificate-issuer-differs': text(
    '所给发证机关不是此记录的签发机关',
    'The issuer given is not the one that the record names',
    '请使用信任名录中该机关的条目',
    "Take the trust list's entry of the record's issuer",
  ),
  'certificate-busy': text('待制作的证书过多', 'Too many certificates are waiting to be made', '请稍后重试', 'Try again in a moment'),
  'certificate-failed': text(
    '证书制作失败',
    'The certificate could not be made',
    '请重试；仍失败时请直接使用记录文件，并告知管理员',
    'Try again; if it fails again, use the record file and tell the operator',
  ),
  internal: text('内部错误', 'Something went wrong here', '请凭错误编号联系管理员', 'Give the error id to the operator'),
} as const satisfies Record<string, FaultText>
