import { expect, it } from 'vitest'

import type { Alarm } from '#core/trust/name-authorities.ts'
import type { HeldTrust } from '#registry/held-trust.ts'
import { tellAlarms } from '../../src/jobs/tell-alarms.ts'

const alarm = (division: string, kid: string): Alarm => ({
  kind: 'key-disputed',
  division,
  claims: [{ by: 'circle', version: 1, iss: `https://${division}.comity.example`, division, kid }],
})

it('says each contradiction once when it appears, and once when it is gone', async () => {
  let alarms: readonly Alarm[] = []
  const lines: string[] = []
  const note = (level: string) => (fields: Readonly<Record<string, unknown>>) =>
    void lines.push(`${level} ${String(fields['alarm'])} ${String(fields['division'])}`)
  const look = tellAlarms({ current: async () => ({ trust: { alarms } }) as unknown as HeldTrust }, { info: note('info'), warn: note('warn') }) // it reads nothing else
  await look()
  alarms = [alarm('370100', 'a')]
  await look()
  await look()
  alarms = [alarm('370100', 'b'), alarm('370300', 'a')]
  await look()
  alarms = [alarm('370300', 'a')]
  await look()
  expect(lines).toEqual([
    'warn key-disputed 370100',
    'warn key-disputed 370100',
    'warn key-disputed 370300',
    'info key-disputed 370100',
    'info key-disputed 370100',
  ])
})
