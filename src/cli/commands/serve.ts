import serveFlags from '../../serve-flags.json' with { type: 'json' }
import { CliFault } from '../cli-fault.ts'
import { dataOption, type Command } from '../command.ts'
import { placeOf, requireNode } from '../open-here.ts'
import { readAddress, readWhole } from '../read-options.ts'
import { untilStopped } from '../until-stopped.ts'

export const serveCommand: Command = {
  words: '',
  takes: { least: 0, most: 0 },
  options: {
    data: dataOption,
    host: { kind: 'text', value: 'HOST', text: { zh: '监听地址，默认 127.0.0.1', en: 'Where to listen; 127.0.0.1 by default' } },
    port: { kind: 'text', value: 'PORT', text: { zh: '端口，默认 8370；0 为任意空闲端口', en: 'Port; 8370 by default, 0 for any that is free' } },
    address: { kind: 'text', value: 'URL', text: { zh: '他人访问本节点的地址', en: 'Where others reach this node' } },
    'refresh-every': {
      kind: 'text',
      value: 'SECONDS',
      text: {
        zh: '更新信任数据与邻市日志的间隔，默认 300；0 为不更新',
        en: 'Between two looks at the neighbours’ trust files and logs; 300 by default, 0 for never',
      },
    },
    'cosign-every': {
      kind: 'text',
      value: 'SECONDS',
      text: { zh: '请邻市联署本市日志的间隔，默认 60；0 为不请', en: 'Between two rounds with the witnesses of the log; 60 by default, 0 for never' },
    },
  },
  run: async (shell, given) => {
    const place = placeOf(shell, given)
    const port = readWhole(given, 'port', 0, 65_535) ?? 8370
    const refreshEvery = readWhole(given, 'refresh-every', 0, 86_400)
    const cosignEvery = readWhole(given, 'cosign-every', 0, 86_400)
    const address = readAddress(given, 'address')
    await requireNode(place)
    const { serveNode } = await import('../../main.ts')
    const stop = untilStopped()
    const host = given.text('host') ?? '127.0.0.1'
    const worker = [...serveFlags, shell.entry, 'work', '--data', place.data]
    const { url, close } = await serveNode(place, { host, port, address, refreshEvery, cosignEvery, worker }).catch((error: unknown) => {
      if (error instanceof Error && 'syscall' in error && error.syscall === 'listen')
        throw new CliFault('port-unusable', { at: `${host}:${port}`, cause: error })
      throw error
    })
    await shell.tell({ url }, shell.say({ zh: `节点已就绪：${url}`, en: `The node is ready: ${url}` }))
    await stop.stopped
    await close()
    return 'done'
  },
}
