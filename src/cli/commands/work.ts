import { dataOption, type Command } from '../command.ts'
import { placeOf, requireNode } from '../open-here.ts'

export const workCommand: Command = {
  words: '',
  takes: { least: 0, most: 0 },
  options: { data: dataOption },
  notes: [{ zh: '由 comity serve 启动；没有等待的任务即结束。', en: 'Started by comity serve; ends when no job has waited for a while.' }],
  run: async (shell, given) => {
    const place = placeOf(shell, given)
    await requireNode(place)
    const { workNode } = await import('../../main.ts')
    await workNode(place)
    return 'done'
  },
}
