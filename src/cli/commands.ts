import type { Localised } from '#core/model/localised.ts'
import type { Command } from './command.ts'

interface Entry {
  readonly text: Localised
  /** Loaded when it is called: verifying starts without a database driver. */
  readonly load: () => Promise<Command>
}

const row = (zh: string, en: string, load: Entry['load']): Entry => ({ text: { zh, en }, load })

/** Every command by its words. A new one is one file and one line here. */
export const commands: Readonly<Record<string, Entry>> = {
  init: row('建立节点', 'Make a node that can work alone', async () => (await import('./commands/init.ts')).initCommand),
  serve: row('运行节点服务', 'Serve the node over HTTP', async () => (await import('./commands/serve.ts')).serveCommand),
  work: row('执行排队的导入任务（由 serve 启动）', 'Carry out queued imports (started by serve)', async () => (await import('./commands/work.ts')).workCommand),
  import: row('导入台账', 'Import a ledger', async () => (await import('./commands/import.ts')).importCommand),
  jobs: row('列出导入任务', 'List import jobs and their progress', async () => (await import('./commands/jobs.ts')).jobsCommand),
  issue: row('起草记录', 'Draft a record', async () => (await import('./commands/issue.ts')).issueCommand),
  drafts: row('列出待批准的草稿', 'List the drafts that wait, or show one', async () => (await import('./commands/drafts.ts')).draftsCommand),
  approve: row('批准草稿并签发', 'Approve a draft and sign it', async () => (await import('./commands/approve.ts')).approveCommand),
  reject: row('退回草稿', 'Reject a draft', async () => (await import('./commands/reject.ts')).rejectCommand),
  status: row('变更记录状态', 'Suspend, reinstate, revoke, cancel or void a record', async () => (await import('./commands/status.ts')).statusCommand),
  'claim-code': row('发放领取码', 'Hand out a claim code', async () => (await import('./commands/claim-code.ts')).claimCodeCommand),
  fetch: row('取出记录文件', 'Write a record to a file', async () => (await import('./commands/fetch.ts')).fetchCommand),
  certificate: row('制作证书（PDF）', 'Make the certificate of a record (PDF)', async () => (await import('./commands/certificate.ts')).certificateCommand),
  present: row('制作只披露所选内容的副本', 'Make a copy with chosen disclosures', async () => (await import('./commands/present.ts')).presentCommand),
  verify: row('核验记录（离线）', 'Verify records, offline', async () => (await import('./commands/verify.ts')).verifyCommand),
  'as-of': row('查询过去某一时刻', 'Ask about an instant in the past', async () => (await import('./commands/as-of.ts')).asOfCommand),
  report: row('出具核验报告（PDF）', 'Report a verification (PDF)', async () => (await import('./commands/report.ts')).reportCommand),
  recognise: row(
    '为外地记录起草互认记录',
    "Draft the recognition of another city's record",
    async () => (await import('./commands/recognise.ts')).recogniseCommand,
  ),
  'keys list': row('列出密钥', 'List the signing keys', async () => (await import('./commands/keys-list.ts')).keysListCommand),
  'keys rotate': row('启用新密钥', 'Start a new key', async () => (await import('./commands/keys-rotate.ts')).keysRotateCommand),
  'keys close': row('关闭密钥', 'Close a key for good', async () => (await import('./commands/keys-close.ts')).keysCloseCommand),
  'keys compromise': row(
    '报告密钥失密，换用新密钥',
    'Say that a key was stolen, and replace it',
    async () => (await import('./commands/keys-compromise.ts')).keysCompromiseCommand,
  ),
  reissues: row('列出待重新签发的记录', 'List the records that have to be issued again', async () => (await import('./commands/reissues.ts')).reissuesCommand),
  'reissues draft': row('起草重新签发', 'Draft them anew', async () => (await import('./commands/reissues-draft.ts')).reissuesDraftCommand),
  'reissues approve': row('批准重新签发', 'Approve those drafts', async () => (await import('./commands/reissues-approve.ts')).reissuesApproveCommand),
  'clients list': row('列出客户端', 'List the clients', async () => (await import('./commands/clients-list.ts')).clientsListCommand),
  'clients new-key': row('生成客户端密钥对', "Make a client's key pair", async () => (await import('./commands/clients-new-key.ts')).clientsNewKeyCommand),
  'clients register': row('登记客户端', 'Register a client', async () => (await import('./commands/clients-register.ts')).clientsRegisterCommand),
  'clients close': row('停用客户端', 'Shut a client out', async () => (await import('./commands/clients-close.ts')).clientsCloseCommand),
  'trust show': row('显示所持信任数据', 'Show the trust data that are held', async () => (await import('./commands/trust-show.ts')).trustShowCommand),
  'trust export': row(
    '导出核验所需的全部文件',
    'Export all that a verifier needs',
    async () => (await import('./commands/trust-export.ts')).trustExportCommand,
  ),
  bundle: row('制作离线包', 'Make an offline bundle for verifiers', async () => (await import('./commands/bundle.ts')).bundleCommand),
  'trust take': row('收取他方的信任文件', 'Take trust files from others', async () => (await import('./commands/trust-take.ts')).trustTakeCommand),
  'trust refresh': row(
    '向邻近节点更新信任数据',
    'Fetch the trust files of the neighbours',
    async () => (await import('./commands/trust-refresh.ts')).trustRefreshCommand,
  ),
  'trust join': row(
    '加入联盟（设定信任锚）',
    'Follow an alliance from a list that is trusted',
    async () => (await import('./commands/trust-join.ts')).trustJoinCommand,
  ),
  'alliance propose': row(
    '提出联盟名录或规则集',
    'Put a list or a rule set before the members',
    async () => (await import('./commands/alliance-propose.ts')).allianceProposeCommand,
  ),
  'alliance confirm': row(
    '确认名录仍为最新（时效）',
    'Say that a list is still the newest, so that it stays fresh',
    async () => (await import('./commands/alliance-confirm.ts')).allianceConfirmCommand,
  ),
  'alliance sign': row('签署提案（可离线）', 'Sign a proposal, offline too', async () => (await import('./commands/alliance-sign.ts')).allianceSignCommand),
  'alliance adopt': row(
    '合并签署并采用提案',
    'Put the signatures together and adopt a proposal',
    async () => (await import('./commands/alliance-adopt.ts')).allianceAdoptCommand,
  ),
  'alliance show': row(
    '显示提案：谁已签、尚缺谁、改了什么',
    'Show proposals: who has signed, who is missing, what changes',
    async () => (await import('./commands/alliance-show.ts')).allianceShowCommand,
  ),
  'alliance diff': row('显示提案的变更', 'Show what a proposal changes', async () => (await import('./commands/alliance-diff.ts')).allianceDiffCommand),
  'log vkey': row('显示日志验证密钥', 'Print the verifier key of the log', async () => (await import('./commands/log-vkey.ts')).logVkeyCommand),
  'log cosigners': row(
    '显示见证人的验证密钥',
    'Print the verifier keys of the witnesses',
    async () => (await import('./commands/log-cosigners.ts')).logCosignersCommand,
  ),
  'log proof': row('写出日志证明', 'Write the proof that a file stands in the log', async () => (await import('./commands/log-proof.ts')).logProofCommand),
  'log check': row('自查日志与记录是否一致', 'Check the log against the register', async () => (await import('./commands/log-check.ts')).logCheckCommand),
  'log audit': row('核对邻市日志', "Audit a neighbour's log", async () => (await import('./commands/log-audit.ts')).logAuditCommand),
  'log monitor': row('查看值得督查的情形', 'Look for what insiders do', async () => (await import('./commands/log-monitor.ts')).logMonitorCommand),
  'log forks': row(
    '列出或核验邻市日志违规的证明',
    "List, or check, proofs that a neighbour's log went back on itself",
    async () => (await import('./commands/log-forks.ts')).logForksCommand,
  ),
  'log recover': row(
    '从邻市补齐本市日志',
    "Take this city's log back from the neighbours",
    async () => (await import('./commands/log-recover.ts')).logRecoverCommand,
  ),
  'scheme set': row('设定证书编号规则', 'Set how certificate numbers are built', async () => (await import('./commands/scheme-set.ts')).schemeSetCommand),
  backup: row('备份节点数据库', "Back up the node's database", async () => (await import('./commands/backup.ts')).backupCommand),
}

/** The command that the first words name, and the words after it. Undefined when there is none. */
export function findCommand(argv: readonly string[]): { readonly name: string; readonly entry: Entry; readonly rest: readonly string[] } | undefined {
  for (const count of [2, 1]) {
    const name = argv.slice(0, count).join(' ')
    const entry = Object.hasOwn(commands, name) ? commands[name] : undefined
    if (argv.length >= count && entry !== undefined) return { name, entry, rest: argv.slice(count) }
  }
  return undefined
}

/** Whether the word alone is what several commands begin with, such as `log`. */
export const isGroup = (word: string): boolean => Object.keys(commands).some((name) => name.startsWith(`${word} `))
