import { useEffect, useRef } from 'preact/hooks'

import { Mark } from '../page/icons.tsx'
import { saveFile } from '../page/save-file.ts'
import { Groups } from '../page/signed-content.tsx'
import { SignedText } from '../page/signed-text.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { fileNameOf, proofFileType, recordFileType } from './record-file.ts'
import { ShowToOthers } from './show-to-others.tsx'
import type { Claiming, Held } from './use-claim.ts'

/** What was received: first that it has to be saved, then all of it, then what of it others are to see. */
export function HeldRecord({ claiming, held: { text, proof, received, present } }: { readonly claiming: Claiming; readonly held: Held }) {
  const { texts, say } = useTexts()
  const words = texts.claim.held
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])

  const saveAll = (): void => {
    saveFile(new Blob([text], { type: recordFileType }), `${fileNameOf(received?.number)}-${words.completeName}.sd-jwt`)
    claiming.noteSaved()
  }
  const saveProof = (kept: string): void => saveFile(new Blob([kept], { type: proofFileType }), `${fileNameOf(received?.number)}.tlog-proof`)
  const again = (): void => {
    if (claiming.saved || confirm(words.confirmAgain)) claiming.forget()
  }

  return (
    <section id="claim" class="claim" tabIndex={-1} aria-labelledby="claim-title">
      <div class="received-head">
        <Mark name="yes" />
        <div>
          <h1 id="claim-title" ref={heading} tabIndex={-1}>
            {words.heading}
          </h1>
          {received !== undefined && (
            <p class="received-what">
              <span>{say(received.family)}</span>
              <strong>
                <SignedText text={received.holder} />
              </strong>
              <span class="code">
                <SignedText text={received.number} />
              </span>
            </p>
          )}
        </div>
        <div class="keep-it">
          <p role="status">{claiming.saved ? words.saved : words.used}</p>
          <button type="button" class={claiming.saved ? 'secondary' : 'primary'} onClick={saveAll}>
            <Mark name="down" />
            {claiming.saved ? words.saveAllAgain : words.saveAll}
          </button>
          {proof === undefined ? (
            <p class="hint">{words.noProof}</p>
          ) : (
            <>
              <p class="hint">{words.proofHint}</p>
              <button type="button" class="secondary" onClick={() => saveProof(proof)}>
                <Mark name="down" />
                {words.saveProof}
              </button>
            </>
          )}
        </div>
      </div>
      {received === undefined ? (
        <p class="caution">{words.unreadable}</p>
      ) : (
        <div class="received">
          <section class="card" aria-labelledby="received-title">
            <h2 id="received-title">{words.received}</h2>
            <p class="evidence">{words.receivedHint}</p>
            <Groups groups={received.groups} heading="h3" />
          </section>
          <ShowToOthers received={received} present={present} />
        </div>
      )}
      <button type="button" class="quiet back" onClick={again}>
        {words.again}
      </button>
    </section>
  )
}
