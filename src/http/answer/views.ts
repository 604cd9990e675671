import { bitstringStatusList, didDocument, didDocumentBelow, trqpAuthorization, trqpRecognition } from '#contract/views.ts'
import { bitstringTtl } from '#core/views/bitstring-status-list.ts'
import { answerAuthorization, answerRecognition } from '#registry/views/answer-trqp.ts'
import { showBitstring, showDidDocument } from '#registry/views/show-view.ts'
import { bind, type Binding } from '../bind.ts'
import type { Desks } from '../desks.ts'

/** Seconds that a cache may keep the DID document without asking, as it may the manifest. */
const didMaxAge = 60

export function bindViews(binding: Binding, { office, desk }: Pick<Desks, 'office' | 'desk'>): void {
  const did = async () => ({ ...(await showDidDocument(office, desk)), maxAge: didMaxAge })
  bind(binding, didDocument, did)
  bind(binding, didDocumentBelow, did)
  bind(binding, bitstringStatusList, async ({ params }) => ({
    ...(await showBitstring(office, desk, Number(params.no), params.purpose)),
    maxAge: bitstringTtl,
  }))
  bind(binding, trqpAuthorization, ({ body }) => answerAuthorization(office, desk, body))
  bind(binding, trqpRecognition, ({ body }) => answerRecognition(office, desk, body))
}
