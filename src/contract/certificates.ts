import { z } from 'zod'

import type { Route } from './route.ts'
import { SignedRecord } from './schemas.ts'

export const certificate = {
  id: 'certificate',
  method: 'post',
  path: '/certificates',
  summary: {
    zh: '凭本机关签发的记录制作证书（PDF/A-3）',
    en: 'The certificate (PDF/A-3) of a record that this node has issued, by whoever holds the record. What it does not disclose is not on the sheet',
  },
  body: z.strictObject({
    record: SignedRecord,
    identity: z
      .enum(['masked', 'full'])
      .meta({ description: 'Masked: the number is covered on the sheet and left out of the attached record. It does not matter where it is not disclosed' }),
  }),
  throttle: 'certificate',
  replyType: ['application/pdf'],
} satisfies Route
