import { text, type FaultText } from './fault-text.ts'

/** The store. */
export const storageFaults = {
  'storage-not-durable': text(
    '数据库未按断电不丢数据的方式运行',
    'The database is not set to survive a power cut',
    '请启用 synchronous=FULL（SQLite）或 fsync 与 synchronous_commit（PostgreSQL）',
    'Enable synchronous=FULL (SQLite), or fsync and synchronous_commit (PostgreSQL)',
  ),
  'storage-busy': text('数据库繁忙', 'The database is busy', '请稍后重试', 'Try again later'),
  'storage-conflict': text('数据已经存在', 'The data exists already', '请查询已有的数据', 'Look up what exists'),
  'storage-failed': text(
    '数据库操作失败',
    'The database could not do what was asked',
    '请检查磁盘空间和数据库日志',
    'Check the disk space and the log of the database',
  ),
  'storage-full': text(
    '数据盘已满',
    'The disk of the database is full',
    '请腾出磁盘空间后重试；此次请求没有改变任何数据',
    'Free disk space and try again; nothing was changed',
  ),
  'storage-unwritable': text(
    '无法写入数据目录',
    'The data directory cannot be written',
    '请检查目录及文件的属主和权限，并确认磁盘未以只读方式挂载',
    'Check who owns the directory and its files, their permissions, and that the disk is not mounted read-only',
  ),
  'storage-damaged': text(
    '数据库文件已损坏',
    'The database file is damaged',
    '请停止节点，另存该文件，并从最近的备份恢复',
    'Stop the node, keep the file, and restore the latest backup',
  ),
  'storage-unreachable': text(
    '无法连接数据库',
    'The database cannot be reached',
    '请检查数据库是否在运行以及 DATABASE_URL，然后以相同的 Idempotency-Key 重试',
    'Check that the database runs, and DATABASE_URL; then try again with the same Idempotency-Key',
  ),
  'storage-closed': text('存储已关闭', 'The store is closed', '请在服务重新启动后重试', 'Try again when the service has restarted'),
  'commit-unknown': text(
    '提交未得到确认',
    'The commit was not confirmed',
    '请以相同的 Idempotency-Key 重新提交',
    'Submit it again with the same Idempotency-Key',
  ),
  'migration-changed': text(
    '已执行的数据库迁移被改动',
    'A migration that has been applied was changed',
    '请恢复原文件，另写新的迁移',
    'Restore the file and write a new migration',
  ),
  'migration-unknown': text('数据库由更新版本的软件建立', 'The database was made by newer software', '请使用更新版本的软件', 'Use the newer software'),
  'backup-elsewhere': text(
    '此数据库须用其自带工具备份',
    'This database is backed up by its own tools',
    '请使用 pg_dump 或 pg_basebackup',
    'Use pg_dump or pg_basebackup',
  ),
  'idempotency-key-reused': text(
    '同一 Idempotency-Key 用于不同的请求',
    'The Idempotency-Key was used for another request',
    '每个新请求请使用新的 Idempotency-Key',
    'Use a new Idempotency-Key for each new request',
  ),
  'trust-object-changed': text(
    '同一版本的信任数据内容不同',
    'The same version of a trust object has other contents',
    '请向发布方核实，勿采用',
    'Ask the publisher; do not use it',
  ),
} as const satisfies Record<string, FaultText>
