import type { RefObject } from 'preact'
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
        <Field
          id="claim-code"
          field={codeField}
          label={words.code}
          hint={words.codeHint}
          trouble={troubles.code}
          value={code}
          // Put into groups while it is written at its end; nobody's cursor is moved who corrects inside.
          write={(value, atEnd) => setCode(atEnd ? groupClaimCode(readClaimCode(value)) : value)}
          leave={() => setCode(groupClaimCode(readClaimCode(code)))}
        />
        <Field
          id="claim-six"
          short
          field={sixField}
          label={words.six}
          hint={words.sixHint}
          trouble={troubles.six}
          value={six}
          write={setSix}
          leave={() => setSix(readLastSix(six))}
        />
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

interface FieldShown {
  readonly id: string
  readonly short?: boolean
  readonly field: RefObject<HTMLInputElement | null>
  readonly label: string
  readonly hint: string
  readonly trouble: string | undefined
  readonly value: string
  /** @param atEnd the cursor stands at the end of what is written, and no character is being put together */
  readonly write: (value: string, atEnd: boolean) => void
  readonly leave: () => void
}

/** A field of characters that nobody knows by heart, with what is said of it before and after. */
function Field({ id, short = false, field, label, hint, trouble, value, write, leave }: FieldShown) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <p id={`${id}-hint`} class="hint">
        {hint}
      </p>
      <input
        id={id}
        ref={field}
        class={short ? 'code-field six' : 'code-field'}
        type="text"
        value={value}
        autocomplete="off"
        autocapitalize="characters"
        spellcheck={false}
        aria-invalid={trouble !== undefined}
        aria-describedby={trouble === undefined ? `${id}-hint` : `${id}-trouble ${id}-hint`}
        onInput={({ currentTarget, isComposing }) => write(currentTarget.value, !isComposing && currentTarget.selectionStart === currentTarget.value.length)}
        onBlur={leave}
      />
      {trouble !== undefined && (
        <p id={`${id}-trouble`} class="trouble">
          {trouble}
        </p>
      )}
    </div>
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
