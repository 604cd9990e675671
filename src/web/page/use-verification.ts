import { useCallback, useEffect, useReducer, useRef, useState } from 'preact/hooks'

import { openJudge, type Judge } from '../judge/call-judge.ts'
import type { Question, TrustState } from '../judge/protocol.ts'
import type { Told, ToldReason } from '../judge/told.ts'
import { bundleIn, findIn } from '../offer.ts'
import type { Found } from '../read/found.ts'
import type { Named } from './named-offer.ts'

/** One thing that was offered, or one of the records that it carried. `told` is there when it has been judged. */
export interface Item {
  readonly id: number
  readonly name: string
  readonly found?: Found | undefined
  readonly told?: Told | undefined
}

export interface Verification {
  readonly items: readonly Item[]
  readonly trust: TrustState | undefined
  readonly failed: boolean
  readonly offer: (offers: readonly Named[]) => void
  readonly clear: () => void
  readonly refresh: () => void
  /** Why nothing of the bundle that was offered last is used. */
  readonly bundleRefused: ToldReason | undefined
  readonly confirmBundle: (digest: string) => void
  readonly dropBundle: () => void
}

type Change =
  | { readonly kind: 'offered'; readonly items: readonly Item[] }
  | { readonly kind: 'found'; readonly id: number; readonly items: readonly Item[] }
  | { readonly kind: 'told'; readonly told: ReadonlyMap<number, Told> }
  | { readonly kind: 'cleared' }

function change(items: readonly Item[], given: Change): readonly Item[] {
  switch (given.kind) {
    case 'offered':
      return [...items, ...given.items]
    case 'found':
      return items.flatMap((item) => (item.id === given.id ? given.items : [item]))
    case 'told':
      return items.map((item) => {
        const told = given.told.get(item.id)
        return told === undefined ? item : { ...item, told }
      })
    case 'cleared':
      return []
  }
}

let ids = 0

/** Files that are read side by side. More would only make the first wait for the last. */
const atOnce = 2

/** Records that are judged in one go when the question changes. */
const batch = 50

/** Reads what is offered, has it judged, and has all of it judged again when the trust data or the question change. */
export function useVerification(question: Question): Verification {
  const [items, dispatch] = useReducer(change, [])
  const [trust, setTrust] = useState<TrustState>()
  const [failed, setFailed] = useState(false)
  const [bundleRefused, setBundleRefused] = useState<ToldReason>()
  const judge = useRef<Judge | undefined>(undefined)
  const round = useRef(0)
  const asked = useRef(question)
  const shown = useRef(items)
  asked.current = question
  shown.current = items

  const tell = useCallback(async (given: readonly Item[]): Promise<void> => {
    for (let from = 0; from < given.length; from += batch) {
      const some = given.slice(from, from + batch).filter((item) => item.found !== undefined)
      if (some.length === 0) continue
      // An answer to what is no longer asked must not stand in the place of a newer one.
      let told: readonly Told[]
      let asking: number
      do {
        asking = round.current
        told = await judge.current!.judge(
          some.map((item) => item.found!),
          asked.current,
        )
      } while (asking !== round.current)
      dispatch({ kind: 'told', told: new Map(some.map(({ id }, index) => [id, told[index]!])) })
    }
  }, [])

  const guard = useCallback((work: Promise<void>): void => void work.catch(() => setFailed(true)), [])

  useEffect(() => {
    judge.current = openJudge(setTrust)
  }, [])

  // Another city, another purpose, or newer trust data: what was said before may be otherwise now.
  useEffect(() => {
    round.current++
    guard(tell(shown.current))
  }, [question.place, question.purpose, trust, tell, guard])

  const offer = useCallback(
    (offers: readonly Named[]): void => {
      setFailed(false)
      setBundleRefused(undefined)
      const placed = offers.map((given) => ({ item: { id: ++ids, name: given.name }, given }))
      dispatch({ kind: 'offered', items: placed.map(({ item }) => item) })
      const waiting = placed.values()
      const work = async (): Promise<void> => {
        for (const { item, given } of waiting) {
          const bundle = await bundleIn(given)
          if (bundle !== undefined) {
            dispatch({ kind: 'found', id: item.id, items: [] })
            setBundleRefused(await judge.current!.takeBundle(bundle))
            continue
          }
          const found = 'found' in given ? [given.found] : await findIn(given.offer)
          const carried = found.map((one, index): Item => ({
            id: index === 0 ? item.id : ++ids,
            name: found.length === 1 ? item.name : `${item.name} #${index + 1}`,
            found: one,
          }))
          dispatch({ kind: 'found', id: item.id, items: carried })
          await tell(carried)
        }
      }
      guard(Promise.all(Array.from({ length: atOnce }, work)).then(() => undefined))
    },
    [tell, guard],
  )

  return {
    items,
    trust,
    failed,
    offer,
    clear: () => dispatch({ kind: 'cleared' }),
    refresh: () => guard(judge.current!.refresh()),
    bundleRefused,
    confirmBundle: (digest) => guard(judge.current!.confirmBundle(digest).then(setBundleRefused)),
    dropBundle: () => {
      setBundleRefused(undefined)
      guard(judge.current!.dropBundle())
    },
  }
}
