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
      <path d="M24 4.5 41 11v12c0 10.500-7 17.500-17 21C14 40.500 7 33.500 7 23V11Z" class="icon-ground" />
      <path d="m15.500 23.500 5 5 6-7" />
      <path d="M33 16.500v7.500M33 29v.500" />
    </>
  ),
  'not-valid': (
    <>
      <path d="M16 4h16l12 12v16L32 44H16L4 32V16Z" class="icon-ground" />
      <path d="m16.500 16.500 15 15M31.500 16.500l-15 15" />
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
      <path d="M18 19a6 6 0 1 1 8.500 5.500c-2 1-2.500 2-2.500 4M24 34v.500" />
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
  file: 'M6 2.500h8l4.500 4.500v14.500H6Zm8 0v4.500h4.500M9 13h6M9 17h6',
  camera: 'M3 8V3.500h4.500M16.500 3.500H21V8M21 16v4.500h-4.500M7.500 20.500H3V16M7 12h10',
  paste: 'M8 4H5v17h14V4h-3M8.500 2.500h7v4h-7ZM9 12h6M9 16h4',
  yes: 'm5 12.500 4.500 4.500L19 7.500',
  no: 'm6.500 6.500 11 11m0-11-11 11',
  'cannot-tell': 'M9 9.500a3 3 0 1 1 4.300 2.700c-1 .5-1.300 1.100-1.300 2.300M12 18v.1',
  print: 'M7 8V3h10v5M7 17H3.500V8h17v9H17M7 13.500h10V21H7Z',
  down: 'M12 3v12m-5-4.500 5 5 5-5M4 20.500h16',
  back: 'M14.500 5 8 12l6.500 7',
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
      <path d="m19.500 24.500 3.500 3.500 6-7" />
    </svg>
  )
}
