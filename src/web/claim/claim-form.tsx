import { useRef, useState } from 'preact/hooks'

import { claimCodeLength, groupClaimCode, isClaimCode, readClaimCode, readLastSix } from '#core/model/claim-code.ts'
import type { Texts } from '../texts/texts.ts'
import { useTexts } from '../texts/use-texts.ts'
import { RefusalNote } from './refusal-note.tsx'
import type { Claiming } from './use-claim.ts'

/** Numbers of some identity documents are shorter than six characters, none is shorter than four. */
const fewest = 4

interface Troubles {
  readonly code?: string | undefined
  readonly six?: string | undefined
}

/** What is asked for: the code and six characters. What can be seen to be wrong is said here, and costs none of the five tries. */
export function ClaimForm({ claiming, online }: { readonly claiming: Claiming; readonly online: boolean }) {
  const { texts } = useTexts()
  const words = texts.claim
  const [code, setCode] = useState('')
  const [six, setSix] = useState('')
  const [tried, setTried] = useState(false)
  const codeField = useRef<HTMLInputElement>(null)
  const sixField = useRef<HTMLInputElement>(null)
  const troubles: Troubles = tried ? troublesOf(code, six, words) : {}

  const submit = (event: Event): void => {
    event.preventDefault()
    const found = troublesOf(code, six, words)
    setTried(true)
    if (found.code !== undefined) return codeField.current?.focus()
    if (found.six !== undefined) return sixField.current?.focus()
    claiming.claim({ code: readClaimCode(code), lastSix: readLastSix(six) })
  }

  return (
    <section id="claim" class="claim" tabIndex={-1} aria-labelledby="claim-title">
      <h1 id="claim-title">{words.title}</h1>
      <p class="lead">{words.lead}</p>
      {!online && <p class="caution">{words.needsNetwork}</p>}
      <form class="card claim-form" noValidate onSubmit={submit}>
        <div class="field">
          <label for="claim-code">{words.code}</label>
          <p id="claim-code-hint" class="hint">
            {words.codeHint}
          </p>
          <input
            id="claim-code"
            ref={codeField}
            class="code-field"
            type="text"
            value={code}
            autocomplete="off"
            autocapitalize="characters"
            spellcheck={false}
            aria-invalid={troubles.code !== undefined}
            aria-describedby={troubles.code === undefined ? 'claim-code-hint' : 'claim-code-trouble claim-code-hint'}
            onInput={({ currentTarget, isComposing }) => {
              // Put into groups while it is written at its end; nobody's cursor is moved who corrects inside.
              const { value, selectionStart } = currentTarget
              setCode(isComposing || selectionStart !== value.length ? value : groupClaimCode(readClaimCode(value)))
            }}
            onBlur={() => setCode(groupClaimCode(readClaimCode(code)))}
          />
          {troubles.code !== undefined && (
            <p id="claim-code-trouble" class="trouble">
              {troubles.code}
            </p>
          )}
        </div>
        <div class="field">
          <label for="claim-six">{words.six}</label>
          <p id="claim-six-hint" class="hint">
            {words.sixHint}
          </p>
          <input
            id="claim-six"
            ref={sixField}
            class="code-field six"
            type="text"
            value={six}
            autocomplete="off"
            autocapitalize="characters"
            spellcheck={false}
            aria-invalid={troubles.six !== undefined}
            aria-describedby={troubles.six === undefined ? 'claim-six-hint' : 'claim-six-trouble claim-six-hint'}
            onInput={({ currentTarget }) => setSix(currentTarget.value)}
            onBlur={() => setSix(readLastSix(six))}
          />
          {troubles.six !== undefined && (
            <p id="claim-six-trouble" class="trouble">
              {troubles.six}
            </p>
          )}
        </div>
        <p class="once">{words.once}</p>
        <RefusalNote refusal={claiming.refusal} />
        <button type="submit" class="primary" aria-disabled={claiming.busy}>
          {claiming.busy ? words.working : words.submit}
        </button>
        <p class="unseen" role="status">
          {claiming.busy ? words.working : ''}
        </p>
      </form>
    </section>
  )
}

function troublesOf(typed: string, six: string, words: Texts['claim']): Troubles {
  const code = readClaimCode(typed)
  const strange = [...new Set(code)].filter((character) => !isClaimCode(character.repeat(claimCodeLength)))
  return {
    code: isClaimCode(code) ? undefined : strange.length > 0 ? words.codeCharacters(strange.join(' ')) : words.codeLength([...code].length),
    six: readLastSix(six).length < fewest ? words.sixMissing : undefined,
  }
}
