import { useEffect, useRef, useState } from 'preact/hooks'

import { askForRecord, type ClaimWords, type Given, type Refusal } from './ask-node.ts'
import type { Presentation, Choice, Received } from './received.ts'

/** A record that has come. It is in the memory of this page and nowhere else. */
export interface Held {
  readonly text: string
  /** Its log proof, which the node does not have in the first minute after issue. */
  readonly proof: string | undefined
  /** Undefined where this version of the page cannot read it. */
  readonly received: Received | undefined
  /** A copy for somebody else. */
  readonly present: (received: Received, choice: Choice) => Presentation
}

export interface Claiming {
  readonly held: Held | undefined
  readonly busy: boolean
  readonly refusal: Refusal | undefined
  readonly claim: (words: Omit<ClaimWords, 'repeatKey'>) => void
  /** The whole record was saved: it is no longer lost with the page. */
  readonly noteSaved: () => void
  readonly saved: boolean
  /** Lets go of the record. */
  readonly forget: () => void
}

const part = () => import('./received.ts')

/** One claim after another, each by the person's own press. The page asks before it is left while something would be lost with it. */
export function useClaim(): Claiming {
  const [held, setHeld] = useState<Held>()
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<Refusal>()
  const [saved, setSaved] = useState(false)
  const [repeatKey] = useState(chance)
  const asking = useRef(false)

  // Fetched while the person types; what goes wrong is looked at when it is needed.
  useEffect(() => void part().catch(() => undefined), [])
  useLeaveGuard((held !== undefined && !saved) || refusal?.kind === 'lost')

  const ask = async (words: Omit<ClaimWords, 'repeatKey'>): Promise<Given<Held>> => {
    const loaded = await part().catch(() => undefined)
    // A code is not used up for a record that could then not be read.
    if (loaded === undefined) return { refusal: { kind: navigator.onLine ? 'notLoaded' : 'offline' } }
    const given = await askForRecord({ ...words, repeatKey })
    if ('refusal' in given) return given
    return { content: { ...given.content, received: loaded.receive(given.content.text), present: loaded.present } }
  }

  return {
    held,
    busy,
    refusal,
    saved,
    claim: (words) => {
      if (asking.current) return
      asking.current = true
      setBusy(true)
      setRefusal(undefined)
      void ask(words).then((given) => {
        asking.current = false
        setBusy(false)
        if ('refusal' in given) setRefusal(given.refusal)
        else setHeld(given.content)
      })
    },
    noteSaved: () => setSaved(true),
    forget: () => {
      setHeld(undefined)
      setSaved(false)
    },
  }
}

/** 192 bits that nobody else knows. */
function chance(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(24))
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
}

/** Has the browser ask before the page is closed, reloaded or left. */
function useLeaveGuard(needed: boolean): void {
  useEffect(() => {
    if (!needed) return undefined
    const ask = (event: BeforeUnloadEvent): void => {
      event.preventDefault()
      event.returnValue = '' // older browsers look at this alone
    }
    addEventListener('beforeunload', ask)
    return () => removeEventListener('beforeunload', ask)
  }, [needed])
}
