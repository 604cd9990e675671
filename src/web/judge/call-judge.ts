import type { Found } from '../read/found.ts'
import type { Ask, Asking, Question, Telling, TrustState } from './protocol.ts'
import type { Told, ToldReason } from './told.ts'

/** The judge, as the page speaks to it. */
export interface Judge {
  readonly judge: (found: readonly Found[], question: Question) => Promise<readonly Told[]>
  /** Asks the node for newer trust data. */
  readonly refresh: () => Promise<void>
  /** Has an offline bundle read, used and kept; why not, where nothing of it is. */
  readonly takeBundle: (file: Blob) => Promise<ToldReason | undefined>
  readonly confirmBundle: (digest: string) => Promise<ToldReason | undefined>
  readonly dropBundle: () => Promise<void>
}

type Answer = Extract<Telling, { readonly id: number }>

/** Starts the judge in a worker of its own, which lives as long as the page. @param onTrust is told whenever the trust data change */
export function openJudge(onTrust: (state: TrustState) => void): Judge {
  const worker = new Worker(new URL('./worker.ts', import.meta.url))
  const waiting = new Map<number, { readonly resolve: (answer: Answer) => void; readonly reject: (error: Error) => void }>()
  let asked = 0
  worker.addEventListener('message', ({ data }: MessageEvent<Telling>) => {
    if (data.kind === 'trust') return onTrust(data.state)
    const asker = waiting.get(data.id)
    waiting.delete(data.id)
    if (data.kind === 'failed') asker?.reject(new Error(data.message))
    else asker?.resolve(data)
  })
  // A judge that could not be loaded answers nobody: who waits is told, and the page says that a part is missing.
  worker.addEventListener('error', () => {
    for (const { reject } of waiting.values()) reject(new Error('the judge could not be started'))
    waiting.clear()
  })
  const send = (ask: Ask): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const id = ++asked
      waiting.set(id, { resolve, reject })
      worker.postMessage({ id, ask } satisfies Asking)
    })
  return {
    judge: async (found, question) => {
      const answer = await send({ kind: 'judge', found, question })
      return answer.kind === 'judged' ? answer.told : []
    },
    refresh: async () => {
      await send({ kind: 'refresh' })
    },
    takeBundle: async (file) => refusedIn(await send({ kind: 'take-bundle', file })),
    confirmBundle: async (digest) => refusedIn(await send({ kind: 'confirm-bundle', digest })),
    dropBundle: async () => {
      await send({ kind: 'drop-bundle' })
    },
  }
}

const refusedIn = (answer: Answer): ToldReason | undefined => (answer.kind === 'bundle' ? answer.refused : undefined)
