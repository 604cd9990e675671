import type { Localised } from '../model/localised.ts'

/** What an audit of a log can find. */
export const logFindingTexts = {
  'record-altered': { zh: '登记的记录已被改动', en: 'A stored record was altered' },
  'record-unlogged': { zh: '记录未入日志', en: 'A record is not in the log' },
  'status-unlogged': { zh: '状态变更未入日志', en: 'A status change is not in the log' },
  'status-misplaced': { zh: '状态变更与记录的状态位不符', en: 'A status change does not stand at the place of its record' },
  'leaf-altered': { zh: '日志条目已被改动', en: 'A log entry was altered' },
  'leaf-without-record': { zh: '日志条目没有对应的记录', en: 'A log entry has no record' },
  'leaf-without-change': { zh: '日志条目没有对应的状态变更', en: 'A log entry has no status change' },
  'tile-altered': { zh: '日志分片已被改动', en: 'A tile of the log was altered' },
  'head-differs': { zh: '日志树根与条目不符', en: 'The root is not that of the entries' },
  'head-behind': { zh: '所示日志小于此前所示', en: 'It shows less than it has shown before' },
  'mirror-differs': { zh: '与本节点的镜像不符', en: 'It is not what this node has mirrored' },
  'cosigned-differs': { zh: '与本节点见证过的树根不符', en: 'It is not what this node has cosigned' },
  'shown-unlogged': { zh: '所示文件不在日志中', en: 'What the city has shown is not in its log' },
  'checkpoint-refused': { zh: '已签检查点与日志不符', en: 'A signed head does not stand for the log' },
} as const satisfies Record<string, Localised>

export type LogFindingCode = keyof typeof logFindingTexts
