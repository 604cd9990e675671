import { useMemo, useState } from 'preact/hooks'

import { Mark } from '../page/icons.tsx'
import { saveFile } from '../page/save-file.ts'
import { Groups, Lines } from '../page/signed-content.tsx'
import { SignedText } from '../page/signed-text.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { askForCertificate, type Refusal } from './ask-node.ts'
import type { Choice, Received } from './received.ts'
import { fileNameOf, recordFileType } from './record-file.ts'
import { RefusalNote } from './refusal-note.tsx'
import type { Held } from './use-claim.ts'

const identities = ['none', 'masked', 'full'] as const

/** The person chooses what is disclosed, sees what a receiver will see, and takes it as a file or as a certificate. */
export function ShowToOthers({ received, present }: { readonly received: Received; readonly present: Held['present'] }) {
  const { texts, say } = useTexts()
  const words = texts.claim.show
  const [choice, setChoice] = useState<Choice>({ names: received.disclosables.some(({ name }) => name === 'name') ? ['name'] : [], identity: 'masked' })
  const [making, setMaking] = useState(false)
  const [refusal, setRefusal] = useState<Refusal>()
  const [done, setDone] = useState('')
  const shown = useMemo(() => present(received, choice), [received, choice, present])
  const hidden = received.disclosables.filter(({ name }) => !choice.names.includes(name)).map(({ label }) => say(label))
  const kept = choice.identity === 'none' ? [...hidden, words.identity] : hidden
  const name = fileNameOf(received.number)

  const change = (changed: Partial<Choice>): void => {
    setChoice({ ...choice, ...changed })
    setDone('')
    setRefusal(undefined)
  }
  const toggle = (named: string, on: boolean): void =>
    change({ names: received.disclosables.map((each) => each.name).filter((each) => (each === named ? on : choice.names.includes(each))) })
  const saveRecord = (): void => {
    saveFile(new Blob([shown.file], { type: recordFileType }), `${name}.sd-jwt`)
    setDone(words.saved(`${name}.sd-jwt`))
  }
  const saveCertificate = (): void => {
    if (making) return
    setMaking(true)
    setRefusal(undefined)
    setDone('')
    void askForCertificate(shown.sheet, choice.identity === 'full' ? 'full' : 'masked').then((given) => {
      setMaking(false)
      if ('refusal' in given) return setRefusal(isUnreached(given.refusal) ? { kind: 'unreached' } : given.refusal)
      saveFile(given.content, `${name}.pdf`)
      setDone(words.saved(`${name}.pdf`))
    })
  }

  return (
    <section class="card show" aria-labelledby="show-title">
      <h2 id="show-title">{words.heading}</h2>
      <p class="evidence">{words.lead}</p>
      <fieldset>
        <legend>{words.groups}</legend>
        {received.disclosables.map((group) => (
          <label key={group.name} class="choice">
            <input type="checkbox" checked={choice.names.includes(group.name)} onChange={({ currentTarget }) => toggle(group.name, currentTarget.checked)} />
            <span>
              <strong>{say(group.label)}</strong>
              <small>
                {group.lines.map((line, index) => (
                  <span key={line.member}>
                    {index > 0 && ' · '}
                    <SignedText text={line.value} />
                  </span>
                ))}
              </small>
              {group.name === 'name' && <small class="advice">{words.nameAdvice}</small>}
              {group.sensitive && <small class="advice">{words.sensitive}</small>}
            </span>
          </label>
        ))}
      </fieldset>
      <fieldset>
        <legend>{words.identity}</legend>
        {identities.map((identity) => (
          <label key={identity} class="choice">
            <input type="radio" name="identity" checked={choice.identity === identity} onChange={() => change({ identity })} />
            <span>
              <strong>{words.identities[identity]}</strong>
              <small>
                {identity === 'masked' ? (
                  <>
                    <SignedText text={received.maskedNumber} /> {words.maskedHint}
                  </>
                ) : identity === 'full' ? (
                  words.fullHint
                ) : (
                  words.noneHint
                )}
              </small>
            </span>
          </label>
        ))}
      </fieldset>
      <section class="preview" aria-labelledby="preview-title">
        <h3 id="preview-title">{words.preview}</h3>
        {shown.chosen.length > 0 && <Lines group={{ id: 'chosen', label: received.family, lines: shown.chosen }} />}
        <details>
          <summary>{words.always}</summary>
          <Groups groups={shown.always} />
        </details>
        {choice.identity === 'masked' && <p class="hint">{words.maskedNote}</p>}
        <p class="hint" role="status">
          {kept.length === 0 ? words.nothingHidden : words.hidden(kept)}
        </p>
      </section>
      <RefusalNote refusal={refusal} />
      <div class="actions">
        <button type="button" class="primary" aria-disabled={making} onClick={saveCertificate}>
          <Mark name="file" />
          {making ? words.making : words.saveCertificate}
        </button>
        <button type="button" class="secondary" onClick={saveRecord}>
          <Mark name="down" />
          {words.saveRecord}
        </button>
      </div>
      <p class="done" role="status">
        {making ? words.making : done}
      </p>
    </section>
  )
}

/** Nothing is lost with a certificate that did not come: it can be made again. */
const isUnreached = ({ kind }: Refusal): boolean => kind === 'lost' || kind === 'offline'
