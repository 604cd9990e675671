import { text, type FaultText } from './fault-text.ts'

/** The log as a node keeps it, the witness that it is to its neighbours, and what it has found out about them. */
export const logServiceFaults = {
  'log-empty': text('日志尚无条目', 'The log has no entries yet', '请稍后再试', 'Try again in a moment'),
  'log-tile-unknown': text(
    '日志中没有该分片',
    'The log has no such tile',
    '请按 C2SP tlog-tiles 的写法，依当前检查点请求分片',
    'Ask for tiles that the current checkpoint has, spelt as C2SP tlog-tiles has it',
  ),
  'log-damaged': text('日志数据缺失或损坏', 'Rows of the log are missing or damaged', '请运行 comity log check', 'Run comity log check'),
  'log-leaf-unknown': text(
    '日志中没有该对象',
    'The object is not in the log',
    '新签发的记录数秒后入日志；请稍后再试',
    'What was just signed is logged within seconds: try again',
  ),
  'log-rolled-back': text(
    '本节点的日志比已公开的旧：数据库可能由旧备份恢复，暂停签发',
    "This node's log is older than what it has published: the database may be an old backup, and nothing is issued",
    '请用较新的备份恢复，或运行 comity log recover 从邻市补齐',
    'Restore a newer backup, or run comity log recover to catch up from the neighbours',
  ),
  'clock-differs': text(
    '本机时钟与多数邻市不一致，暂停签发和见证',
    "This machine's clock differs from those of most neighbours, and nothing is issued or cosigned",
    '请校准时钟；此后一两分钟内自动恢复',
    'Set the clock right; a minute or two later it goes on by itself',
  ),
  'log-loss-unaccepted': text(
    '丢失的时段内有状态变更：直接恢复会使其失效',
    'There were status changes in the time that was lost: going on would undo them',
    '请查明这些变更，以 --accept-loss 说明理由后恢复，并立即重新录入',
    'Find out what they were, recover with --accept-loss and a reason, and enter them again at once',
  ),
  'witness-log-unknown': text('不认识该日志', 'This log is not known here', '见证人只见证联盟成员的日志', 'A witness cosigns the logs of alliance members'),
  'witness-signature-refused': text(
    '检查点没有该日志的有效签名',
    'The checkpoint bears no valid signature of its log',
    '请用公钥清单中的日志密钥签名',
    "Sign it with a log key of the city's manifest",
  ),
  'witness-size-differs': text(
    '旧大小与见证人所记不同',
    'The old size is not the one that the witness has cosigned',
    '请从应答所给的大小起证明一致',
    'Prove consistency from the size that is answered',
  ),
  'witness-proof-refused': text('一致性证明不成立', 'The consistency proof does not hold', '请重新计算证明', 'Compute the proof anew'),
  'witness-forked': text(
    '同一大小出现两个不同的树根',
    'There are two roots of one size',
    '该日志已分叉：证据已保存，请立即联系该市',
    'The log has forked: the evidence is kept; contact the city at once',
  ),
} as const satisfies Record<string, FaultText>
