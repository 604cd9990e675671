import { fileURLToPath } from 'node:url'
import { setTimeout } from 'node:timers/promises'

import type { ReplyOf, Route } from '#contract/route.ts'
import { Fault } from '#core/fault.ts'
import type { Office } from '#registry/office.ts'
import { readAuthority } from '#registry/open-office.ts'

import { freePort } from '../../scripts/demo/nodes.ts'
import { openNode, openParts, type OpenNode } from '../../src/main.ts'
import { makeNode, serve, type As, type MadeNode, type ServedNode } from '../support/served-node.ts'

/** Seconds between two looks at the neighbours, and between two rounds with the witnesses. */
const often = 2
const script = fileURLToPath(new URL('serve-city.ts', import.meta.url))

/** What can be read of a city's register without its keys. */
export type Reading = Pick<Office, 'authority' | 'store' | 'engine' | 'inflate' | 'clock'>

/** A city whose node is a process of its own, at the one address that the alliance's list names. */
export interface CityProcess {
  readonly division: string
  readonly iss: string
  readonly url: string
  readonly isUp: () => boolean
  /** Fault `service-unreachable` while it is down, or when it dies before it answers. */
  readonly call: <R extends Route>(route: R, call: As<R>) => Promise<ReplyOf<R>>
  readonly start: () => Promise<void>
  /** SIGTERM. */
  readonly stop: () => Promise<void>
  /** SIGKILL. */
  readonly kill: () => Promise<void>
  /** Its office, with its keys, beside the process that serves it: what a command does. Whoever opens it closes it. */
  readonly open: () => Promise<OpenNode>
  readonly withOffice: <Found>(work: (office: Office) => Promise<Found>) => Promise<Found>
  readonly withRegister: <Found>(work: (reading: Reading) => Promise<Found>) => Promise<Found>
  readonly remove: () => Promise<void>
}

/** Makes a city's node with two officers. Nothing serves it yet. @param cache where its processes keep their compiled code */
export async function makeCityProcess(division: string, cache: string): Promise<CityProcess> {
  const made: MadeNode = { ...(await makeNode({ division })), env: { NODE_COMPILE_CACHE: cache } }
  const port = await freePort()
  const words = [script, made.place.data, String(port), String(often)]
  let node: ServedNode | undefined
  return {
    division,
    iss: made.iss,
    url: `http://127.0.0.1:${port}`,
    isUp: () => node !== undefined,
    call: async (route, call) => {
      if (node === undefined) throw new Fault('service-unreachable', { at: division })
      return node.call(route, call)
    },
    start: async () => {
      // While it was down, somebody's connection may have been given its port.
      for (let attempt = 0; node === undefined; attempt++)
        try {
          node = await serve(made, { words })
        } catch (error) {
          if (attempt === 10) throw error
          await setTimeout(500)
        }
    },
    stop: async () => {
      await node?.stop()
      node = undefined
    },
    kill: async () => {
      const dying = node
      node = undefined
      await dying?.kill()
    },
    open: () => openNode(made.place),
    withOffice: async (work) => {
      const { office, close } = await openNode(made.place)
      try {
        return await work(office)
      } finally {
        await close()
      }
    },
    withRegister: async (work) => {
      const parts = await openParts(made.place)
      try {
        return await work({ ...parts, authority: await readAuthority(parts.store.read) })
      } finally {
        await parts.store.close()
      }
    },
    remove: async () => {
      await node?.kill()
      made.remove()
    },
  }
}
