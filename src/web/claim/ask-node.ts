import type { Localised } from '#core/model/localised.ts'

/** Why the node gave nothing. `told` is the node's own problem, in its words; the others are what the page knows by itself. */
export type Refusal =
  | { readonly kind: 'told'; readonly code: string; readonly text: Localised; readonly remedy: Localised }
  | { readonly kind: 'too-many'; readonly seconds: number }
  /** It was sent, and no answer came: nobody knows whether the node has heard it. */
  | { readonly kind: 'lost' }
  /** Nothing was sent. */
  | { readonly kind: 'offline' | 'notLoaded' | 'unreached' }
  | { readonly kind: 'failed' }

export type Given<Content> = { readonly content: Content } | { readonly refusal: Refusal }

export interface ClaimWords {
  readonly code: string
  readonly lastSix: string
  /** Chance of this page's own, by which the node knows a claim that is made again after its answer was lost. */
  readonly repeatKey: string
}

/** A record, and its log proof (C2SP tlog-proof) once the log has it. */
export interface ClaimedRecord {
  readonly text: string
  readonly proof: string | undefined
}

/** The whole record. Nothing of it is in an address: it goes and comes in the bodies of the request. */
export const askForRecord = (words: ClaimWords): Promise<Given<ClaimedRecord>> =>
  post('/claim', words, async (answer) => {
    const reply: unknown = await answer.json()
    if (reply === null || typeof reply !== 'object' || !('text' in reply)) return undefined
    const { text } = reply
    const proof = 'proof' in reply && typeof reply.proof === 'string' ? reply.proof : undefined
    return typeof text === 'string' && text !== '' ? { text, proof } : undefined
  })

/** The certificate of a record as it is presented. @param identity whether the number stands on the sheet in full, where the record discloses it */
export const askForCertificate = (record: string, identity: 'masked' | 'full'): Promise<Given<Blob>> =>
  post('/certificates', { record, identity }, async (answer) => {
    const pdf = await answer.blob()
    return pdf.type === 'application/pdf' && pdf.size > 0 ? pdf : undefined
  })

async function post<Content>(path: string, body: object, read: (answer: Response) => Promise<Content | undefined>): Promise<Given<Content>> {
  if (!navigator.onLine) return { refusal: { kind: 'offline' } }
  const bodyText = JSON.stringify(body)
  try {
    const answer = await fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: bodyText,
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
    })
    if (answer.ok) {
      const content = await read(answer)
      return content === undefined ? { refusal: { kind: 'failed' } } : { content }
    }
    return { refusal: refusalOf(answer, await answer.text()) }
  } catch {
    // Refused connections and answers that broke off look alike.
    return { refusal: { kind: 'lost' } }
  }
}

const usualWait = 60

function refusalOf({ status, headers }: Response, text: string): Refusal {
  if (status === 429) {
    const seconds = Number(headers.get('Retry-After') ?? '')
    return { kind: 'too-many', seconds: Number.isInteger(seconds) && seconds > 0 ? seconds : usualWait }
  }
  const problem = problemIn(text)
  const word = (name: string): string => (typeof problem[name] === 'string' ? problem[name] : '')
  const code = word('code')
  if (code === '' || word('title') === '' || word('titleEn') === '') return { kind: 'failed' }
  return { kind: 'told', code, text: { zh: word('title'), en: word('titleEn') }, remedy: { zh: word('remedy'), en: word('remedyEn') } }
}

/** Whatever stands between the page and its node may answer in its stead, in any form. */
function problemIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const problem: unknown = JSON.parse(text)
    return problem !== null && typeof problem === 'object' ? (problem as Readonly<Record<string, unknown>>) : {} // members are looked at one by one
  } catch {
    return {}
  }
}
