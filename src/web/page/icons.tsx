import type { OutcomeId } from '#core/verify/outcome.ts'

/** Each outcome has a shape of its own, so that none is told by its colour alone. Drawn here; hidden from screen readers, which have the word. */
const shapes: Readonly<Record<OutcomeId, preact.JSX.Element>> = {
  genuine: (
    <>
      <circle cx="24" cy="24" r="20" class="icon-ground" />
      <path d="m15 24.5 6.5 6.5L34 18" />
    </>
  ),
  'genuine-with-note': (
    <>
      <path d="M24 4.5 41 11v12c0 10.5-7 17.5-17 21C14 40.5 7 33.5 7 23V11Z" class="icon-ground" />
      <path d="m15.5 23.5 5 5 6-7" />
      <path d="M33 16.5v7.5M33 29v.5" />
    </>
  ),
  'not-valid': (
    <>
      <path d="M16 4h16l12 12v16L32 44H16L4 32V16Z" class="icon-ground" />
      <path d="m16.5 16.5 15 15M31.5 16.5l-15 15" />
    </>
  ),
  'nothing-to-check': (
    <>
      <path d="M11 4h18l9 9v31H11Z" class="icon-ground" stroke-dasharray="5 4" />
      <path d="M18 26h13" />
    </>
  ),
  'cannot-check-now': (
    <>
      <circle cx="24" cy="24" r="20" class="icon-ground" stroke-dasharray="9 5" />
      <path d="M18 19a6 6 0 1 1 8.5 5.5c-2 1-2.5 2-2.5 4M24 34v.5" />
    </>
  ),
}

export function OutcomeIcon({ outcome, size }: { readonly outcome: OutcomeId; readonly size: number }) {
  return (
    <svg class="icon outcome-icon" width={size} height={size} viewBox="0 0 48 48" aria-hidden="true" focusable="false">
      {shapes[outcome]}
    </svg>
  )
}

const marks = {
  file: 'M6 2.5h8l4.5 4.5v14.5H6Zm8 0v4.5h4.5M9 13h6M9 17h6',
  camera: 'M3 8V3.5h4.5M16.5 3.5H21V8M21 16v4.5h-4.5M7.5 20.5H3V16M7 12h10',
  paste: 'M8 4H5v17h14V4h-3M8.5 2.5h7v4h-7ZM9 12h6M9 16h4',
  yes: 'm5 12.5 4.5 4.5L19 7.5',
  no: 'm6.5 6.5 11 11m0-11-11 11',
  'cannot-tell': 'M7.6 8.4a4.4 4.4 0 1 1 6.4 4c-1.5.8-2 1.6-2 3.1M12 19.6v.1',
  neutral: 'M6.5 12h11',
  attention: 'M12 3.5 21.5 20h-19ZM12 9.5v5M12 17.2v.1',
  print: 'M7 8V3h10v5M7 17H3.5V8h17v9H17M7 13.5h10V21H7Z',
  down: 'M12 3v12m-5-4.5 5 5 5-5M4 20.5h16',
  back: 'M14.5 5 8 12l6.5 7',
} as const

export function Mark({ name }: { readonly name: keyof typeof marks }) {
  return (
    <svg class="icon" width="20" height="20" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={marks[name]} />
    </svg>
  )
}

/** The product's sign: two seals that overlap, each city's own, and what they share. */
export function Seal() {
  return (
    <svg class="seal" width="36" height="36" viewBox="0 0 48 48" aria-hidden="true" focusable="false">
      <circle cx="18" cy="24" r="14" />
      <circle cx="30" cy="24" r="14" />
      <path d="m19.5 24.5 3.5 3.5 6-7" />
    </svg>
  )
}
