import { useEffect, useState } from 'preact/hooks'

import { listenKept, takeNewer } from '../offline/keep-page.ts'
import { useTexts } from '../texts/use-texts.ts'

/** Says that a newer version of the page waits, and lets the person take it when it suits. */
export function UpdateBar() {
  const { texts } = useTexts()
  const [newer, setNewer] = useState(false)
  useEffect(() => listenKept((state) => setNewer(state.newer)), [])
  return (
    <div role="status" class="update">
      {newer && (
        <p>
          {texts.update.ready}
          <button type="button" class="secondary small" onClick={takeNewer}>
            {texts.update.reload}
          </button>
        </p>
      )}
    </div>
  )
}
