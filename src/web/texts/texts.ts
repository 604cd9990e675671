import type { CameraFailure } from '../read/read-camera.ts'

/** Every text of the public pages that is the pages' own. One file a language implements it, so that the compiler says what is missing. */
export interface Texts {
  readonly language: string
  /** One behind the other, each with its stop. */
  readonly sentences: (...parts: readonly string[]) => string
  readonly otherLanguage: string
  readonly product: string
  readonly pages: string
  readonly title: string
  readonly lead: string
  readonly skip: string
  readonly appearance: { readonly label: string; readonly auto: string; readonly light: string; readonly dark: string }
  readonly offer: {
    readonly choose: string
    readonly drop: string
    readonly dropNow: string
    readonly camera: string
    readonly paste: string
    readonly kinds: string
    readonly again: string
    readonly pasteLabel: string
    readonly pasteHint: string
    readonly pasteCheck: string
    readonly pasted: string
    readonly photographed: string
    readonly codeInAddress: string
    readonly close: string
  }
  readonly camera: {
    readonly title: string
    readonly hint: string
    /** A code is in view, and it is not a certificate's. */
    readonly other: string
    readonly picture: string
  } & Readonly<Record<CameraFailure, string>>
  readonly promises: {
    readonly here: string
    readonly noLogin: string
    /** Not said where the device could not keep the page. */
    readonly offline: string
  }
  readonly progress: (done: number, all: number) => string
  readonly working: string
  readonly results: {
    readonly heading: string
    readonly summary: (counts: readonly (readonly [word: string, count: number])[]) => string
    readonly file: string
    readonly outcome: string
    readonly holder: string
    readonly number: string
    readonly family: string
    readonly issuer: string
    readonly show: string
    readonly back: string
    readonly undisclosed: string
    readonly downloadCsv: string
    readonly downloadJson: string
    readonly print: string
    readonly clear: string
    readonly fileName: string
    /** Columns of the table that no page shows. */
    readonly code: string
    readonly digest: string
    readonly utc: (instant: string) => string
  }
  readonly verdict: {
    readonly issuer: string
    readonly issuerFromList: string
    readonly checkedAt: string
    readonly statusAsOf: string
    readonly notes: string
    readonly because: string
    readonly next: string
    readonly whom: string
    readonly asides: string
    readonly bearer: string
    readonly thisBureau: string
    readonly unnamedHelp: string
    readonly announced: (file: string, word: string) => string
  }
  readonly signed: { readonly heading: string; readonly evidence: string; readonly control: (code: string) => string }
  readonly recognition: {
    readonly heading: string
    readonly place: string
    readonly noPlace: string
    readonly purpose: string
    readonly anyPurpose: string
    readonly choose: string
    readonly none: string
    readonly effects: string
    readonly conditions: string
    readonly materials: string
    readonly openQuestions: string
    readonly mapping: string
    readonly timeLimit: string
    readonly clause: string
    readonly under: string
    readonly sample: string
    readonly reasons: string
    readonly paths: (count: number) => string
    readonly ways: string
  }
  readonly checks: {
    readonly heading: string
    readonly count: (count: number) => string
    readonly looked: string
    readonly source: string
    readonly version: string
    readonly remedy: (what: string) => string
  }
  readonly trust: {
    readonly heading: string
    readonly loading: string
    readonly fetched: (bureau: string) => string
    readonly held: (when: string) => string
    readonly bundle: string
    readonly none: string
    readonly later: string
    readonly clock: (minutes: number, ahead: boolean) => string
    readonly missing: (count: number) => string
    readonly refused: (count: number) => string
    readonly refresh: string
    readonly files: (count: number) => string
  }
  /** An offline bundle. */
  readonly bundle: {
    readonly heading: string
    readonly unusedHeading: string
    readonly confirmHeading: string
    readonly confirm: string
    readonly digest: string
    readonly same: string
    readonly drop: string
  }
  readonly update: { readonly ready: string; readonly reload: string }
  readonly failure: string
  readonly foot: { readonly what: string; readonly offline: string; readonly noOffline: string }
  readonly sheet: { readonly heading: string; readonly printedFrom: string; readonly limits: string }
  readonly claim: ClaimTexts
}

interface Note {
  readonly text: string
  readonly remedy: string
}

interface ClaimTexts {
  readonly title: string
  readonly lead: string
  readonly skip: string
  readonly needsNetwork: string
  readonly certificateNeedsNetwork: string
  readonly code: string
  readonly codeHint: string
  readonly codeLength: (count: number) => string
  readonly codeCharacters: (characters: string) => string
  readonly six: string
  readonly sixHint: string
  readonly sixMissing: string
  readonly once: string
  readonly submit: string
  readonly working: string
  readonly refusals: {
    readonly tooMany: (seconds: number) => Note
    /** Nobody knows whether the node has heard the claim. */
    readonly lost: Note
    readonly offline: Note
    readonly notLoaded: Note
    readonly failed: Note
    /** The node could not be asked for the certificate. */
    readonly unreached: Note
  }
  readonly held: {
    readonly heading: string
    readonly used: string
    readonly saveAll: string
    readonly saveAllAgain: string
    readonly saved: string
    readonly completeName: string
    readonly saveProof: string
    readonly proofHint: string
    readonly noProof: string
    readonly unreadable: string
    readonly received: string
    readonly receivedHint: string
    readonly again: string
    readonly confirmAgain: string
  }
  readonly show: {
    readonly heading: string
    readonly lead: string
    readonly groups: string
    readonly nameAdvice: string
    readonly sensitive: string
    readonly identity: string
    readonly identities: { readonly none: string; readonly masked: string; readonly full: string }
    readonly noneHint: string
    readonly maskedHint: string
    readonly fullHint: string
    readonly preview: string
    readonly always: string
    readonly maskedNote: string
    readonly hidden: (groups: readonly string[]) => string
    readonly nothingHidden: string
    readonly saveCertificate: string
    readonly making: string
    readonly saveRecord: string
    readonly saved: (file: string) => string
  }
  readonly foot: { readonly heading: string; readonly points: readonly string[] }
}
