import { useEffect, useState } from 'preact/hooks'

import { listenKept } from '../offline/keep-page.ts'

/** Whether the page is kept for times without a network; undefined while that is not known. */
export function useOffline(): boolean | undefined {
  const [kept, setKept] = useState<boolean>()
  useEffect(() => listenKept((state) => setKept(state.kept)), [])
  return kept
}
