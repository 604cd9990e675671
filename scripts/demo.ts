import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import type { Office } from '../src/registry/office.ts'
import { alliances, cityOf, initialiseCity, type City } from './demo/cities.ts'
import { buildPages } from './build-web.ts'
import { engageOfficer } from './demo/callers.ts'
import { formAlliances } from './demo/form-alliances.ts'
import { makeDemoLedger } from './demo/ledger.ts'
import { buildCommand, freePort, startNode, stopAll } from './demo/nodes.ts'
import { tellStory, type Town, type Towns } from './demo/story.ts'
import { fact, step } from './demo/tell.ts'
import { prepareTrial, tellTrial } from './demo/trial.ts'

// `npm run demo`: four cities on this machine, each a process of its own. `-- --once` ends with the story and leaves nothing behind.

const { values } = parseArgs({ options: { once: { type: 'boolean', default: false } } })

const shown = { jinan: '370100', zibo: '370300', binzhou: '371600', qingdao: '370200' } as const

const folder = mkdtempSync(join(tmpdir(), 'comity-demo-'))

async function leave(): Promise<void> {
  await stopAll()
  rmSync(folder, { recursive: true, force: true })
}

const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const
let interrupted = false
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    interrupted = true
    void leave().finally(() => process.exit(exitCodes[signal]))
  })
}

try {
  buildPages()
  const towns = await setUp()
  const trial = await prepareTrial(towns, folder)
  tellTrial(trial)
  await tellStory(towns, makeDemoLedger(folder), folder, trial.files)
  if (values.once) await leave()
  else {
    step('节点继续运行，Ctrl-C 结束', 'The nodes stay up; Ctrl-C ends them')
    for (const [name, { url }] of Object.entries(towns)) fact(`${name.padEnd(8)} ${url}/   ${url}/docs   ${url}/readyz`)
    tellTrial(trial)
  }
} catch (error) {
  // What breaks while it is being ended breaks because of that.
  if (interrupted) await new Promise(() => undefined)
  await leave()
  throw error
}

/** Makes the nodes of both alliances' members, forms the alliances, and starts the four that the story is about. */
async function setUp(): Promise<Towns> {
  buildCommand()
  step('建立十二个城市的节点，组成两个联盟（成员为事实，规则为样例）', 'Nodes for twelve cities and two alliances: the members are fact, the rules are samples')
  const pair = alliances.alliances.filter(({ id }) => id === 'sd-capital-circle' || id === 'jiaodong-blue-zone')
  const members = new Map(
    pair.flatMap((alliance) => alliance.members.filter(({ role }) => role === 'member').map((member) => [member.division, member] as const)),
  )
  const cities = new Map([...members].map(([division, { organization, name }]): [string, City] => [division, cityOf(folder, division, organization, name.en)]))
  const offices = new Map<string, Office>()
  for (const [division, city] of cities) offices.set(division, await initialiseCity(city))
  const ports = new Map(await Promise.all(Object.values(shown).map(async (division): Promise<[string, number]> => [division, await freePort()])))
  const addresses = new Map(Array.from(ports, ([division, port]): [string, string] => [division, `http://127.0.0.1:${port}`]))
  for (const formed of await formAlliances(offices, addresses))
    fact(
      `${formed.name.zh}：${formed.members} 个成员，${formed.signatures} 个签署（门槛 ${formed.threshold}）  ${formed.members} members, ${formed.signatures} of ${formed.threshold} signatures`,
    )
  const towns: Partial<Record<keyof Towns, Town>> = {}
  for (const [name, division] of Object.entries(shown) as [keyof Towns, string][]) {
    const office = offices.get(division)!
    const url = addresses.get(division)!
    const duties = ['draft', 'status', 'read', 'hand-out', 'recognise', 'import', 'trust'] as const
    const drafter = await engageOfficer(office, { id: `${division}-wang`, name: '王经办', duties }, url)
    const approver = await engageOfficer(office, { id: `${division}-li`, name: '李审批', duties: ['approve', 'read', 'import'] }, url)
    towns[name] = { division, data: cities.get(division)!.place.data, url, drafter, approver }
  }
  for (const office of offices.values()) await office.store.close()
  for (const [name, division] of Object.entries(shown)) {
    await startNode(cities.get(division)!, ports.get(division)!)
    fact(`${name.padEnd(8)} ${addresses.get(division)!}`)
  }
  return towns as Towns // one for each name in `shown`
}
