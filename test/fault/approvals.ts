import { setTimeout } from 'node:timers/promises'

import { approveDraftRoute } from '#contract/drafts.ts'
import type { ReplyOf } from '#contract/route.ts'
import { Fault } from '#core/fault.ts'
import { draftRecord } from '#registry/draft-record.ts'
import type { Office } from '#registry/office.ts'

import { titleDraft } from '../support/examples.ts'
import type { ServedNode } from '../support/served-node.ts'

export type Approved = ReplyOf<typeof approveDraftRoute>

/** Drafts of the first of two people, ready for the second. */
export async function prepareDrafts(office: Office, howMany: number): Promise<readonly string[]> {
  const receipts = await Promise.all(Array.from({ length: howMany }, () => draftRecord(office, { actor: 'drafter' }, 'title', titleDraft())))
  return receipts.map(({ draft }) => draft)
}

/** The same draft, the same key: whoever asks again must be told the same. */
export const approve = (node: ServedNode, draft: string): Promise<Approved> =>
  node.call(approveDraftRoute, { as: 'approver', key: `approve-${draft}`, params: { draft }, body: {} })

export interface Approvals {
  readonly acknowledged: ReadonlyMap<string, Approved>
  /** Asked for, and never answered with a yes: nobody knows whether they happened. */
  readonly unanswered: ReadonlySet<string>
  /** Codes of the problems that were met, by how often. */
  readonly problems: ReadonlyMap<string, number>
  /** How many have been asked for and not yet answered. */
  readonly underWay: () => number
  /** Asks no more, and resolves when all that was asked is answered. */
  readonly stop: () => Promise<void>
}

const atOnce = 4
/** Between an answer and the next request, in milliseconds: longer as the drafts grow fewer, so that they last as long as the import does. */
const pauseOf = (all: number, left: number): number => Math.min(400, (40 * all) / left)

/**
 * Approves one draft after the other, each once, several at a time, at whatever nodes there are just then; while there is none it waits.
 * A draft whose approval fails is put aside and not asked for again.
 */
export function keepApproving(drafts: readonly string[], nodes: () => readonly ServedNode[]): Approvals {
  const waiting = [...drafts]
  const acknowledged = new Map<string, Approved>()
  const unanswered = new Set<string>()
  const problems = new Map<string, number>()
  let stopped = false
  let turn = 0
  let asking = 0
  const work = async (): Promise<void> => {
    while (!stopped && waiting.length > 0) {
      await setTimeout(pauseOf(drafts.length, waiting.length))
      const living = nodes()
      if (living.length === 0) continue
      const draft = waiting.shift()
      if (draft === undefined) return
      asking++
      try {
        acknowledged.set(draft, await approve(living[turn++ % living.length]!, draft))
      } catch (fault) {
        if (!(fault instanceof Fault)) throw fault
        problems.set(fault.code, (problems.get(fault.code) ?? 0) + 1)
        unanswered.add(draft)
      } finally {
        asking--
      }
    }
  }
  let broken: Error | undefined
  const running = Promise.all(Array.from({ length: atOnce }, work))
  running.catch((cause: unknown) => (broken = new Error('the approvals broke off', { cause }))) // told by stop as well
  return {
    acknowledged,
    unanswered,
    problems,
    underWay: () => {
      if (broken !== undefined) throw broken
      if (asking === 0 && waiting.length === 0) throw new Error('there were too few drafts')
      return asking
    },
    stop: async () => {
      stopped = true
      await running
    },
  }
}
