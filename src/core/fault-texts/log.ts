import { text, type FaultText } from './fault-text.ts'

/** The log: its tree, its signed notes and its proofs. */
export const logFaults = {
  'log-position-invalid': text(
    '日志中没有该位置或大小',
    'There is no such place or size in a log',
    '请核对序号与树的大小',
    'Check the index and the size of the tree',
  ),
  'log-tile-missing': text(
    '缺少日志分块',
    'A tile of the log is missing',
    '请从该日志或其镜像取得该分块',
    'Fetch the tile from the log, or from a mirror of it',
  ),
  'log-tile-malformed': text('日志分块格式错误', 'A tile of the log is malformed', '请重新取得该分块', 'Fetch the tile again'),
  'log-entries-malformed': text('日志条目包格式错误', 'A bundle of log entries is malformed', '请重新取得该条目包', 'Fetch the bundle again'),
  'log-leaf-malformed': text('日志条目格式错误', 'A log entry is malformed', '请向该日志所属机关核实', 'Ask the authority whose log it is'),
  'log-key-malformed': text(
    '验证密钥文本格式错误',
    'A verifier key is malformed',
    '请提交完整的一行，如 comity log vkey 所输出',
    'Give the whole line, as comity log vkey prints it',
  ),
  'log-note-malformed': text('签名文本格式错误', 'A signed note is malformed', '请提交完整、未改动的文件', 'Submit the whole file, unchanged'),
  'log-checkpoint-malformed': text('日志检查点格式错误', 'A checkpoint is malformed', '请重新取得检查点', 'Fetch the checkpoint again'),
  'log-signature-missing': text(
    '检查点没有该日志密钥的签名',
    'The checkpoint is not signed by a key of that log',
    '请核对日志来源及其密钥',
    'Check which log it is, and its keys',
  ),
  'log-signature-wrong': text('检查点签名不正确', 'A signature on the checkpoint is wrong', '请重新取得检查点', 'Fetch the checkpoint again'),
  'log-origin-differs': text('检查点属于另一日志', 'The checkpoint is of another log', '请核对日志名称', 'Check the name of the log'),
  'log-proof-malformed': text('日志证明格式错误', 'A log proof is malformed', '请提交完整、未改动的证明文件', 'Submit the whole proof, unchanged'),
  'log-request-malformed': text(
    '联署请求格式错误',
    'A request to cosign is malformed',
    '请按 C2SP tlog-witness 编写请求',
    'Write the request as C2SP tlog-witness has it',
  ),
  'log-policy-malformed': text('日志策略格式错误', 'A log policy is malformed', '请更正所指的行', 'Correct the line named'),
} as const satisfies Record<string, FaultText>
