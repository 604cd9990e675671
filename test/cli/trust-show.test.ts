import { afterAll, expect, it } from 'vitest'

import { alliancePayload, anchorsOf, fileOf, makeAlliance, makeTestKey, memberOf, signAllianceList, signStamp } from '../support/make-alliance.ts'
import { comity, makeFolder, rowsOf, writeTrustFolder } from './run-comity.ts'

const folder = makeFolder()
afterAll(folder.remove)

it('shows what contradicts itself in a trust folder, and when a list was last confirmed', async () => {
  const { files, iat, city, trust } = makeAlliance({ cities: ['370100', '370300'] })
  const [jinan, zibo] = [city('370100'), city('370300')]
  const impostor = makeTestKey('impostor')
  const other = alliancePayload('other', [memberOf(zibo), memberOf(jinan, { authorityKey: impostor.jwk })], iat, { thresholds: { list: 1, rules: 1 } })
  const allianceLists = [...files.allianceLists, fileOf('alliances/other-1.json', signAllianceList(other, [zibo.authority.signer]))]
  const { digest } = trust.alliances[0]!
  const stamp = signStamp(
    { alliance: 'circle', version: 1, digest, iat: iat + 60, ttl: 60 },
    [jinan, zibo].map(({ authority }) => authority.signer),
  )
  const place = writeTrustFolder(folder.path('trust'), {
    ...files,
    allianceLists,
    anchors: anchorsOf(allianceLists),
    freshness: [fileOf('freshness/circle_1-1.json', stamp)],
  })
  const rows = rowsOf(await comity(['trust', 'show', '--trust', place, '--json']))
  expect(rows.filter(({ kind }) => kind === 'alarm')).toEqual([
    {
      kind: 'alarm',
      alarm: 'key-disputed',
      division: '370100',
      claims: [
        { by: 'circle', version: 1, iss: jinan.iss, division: '370100', kid: jinan.authority.public.kid },
        { by: 'other', version: 1, iss: jinan.iss, division: '370100', kid: impostor.public.kid },
      ],
    },
  ])
  expect(rows.find(({ kind, id }) => kind === 'alliance-list' && id === 'circle')).toMatchObject({
    issuedAt: '2026-06-01T03:00:00Z',
    confirmedAt: '2026-06-01T03:01:00Z',
  })
  const { stdout } = await comity(['trust', 'show', '--trust', place, '--lang', 'zh'])
  expect(stdout).toContain('! 370100  同一机关被指定了不同的密钥或地区 [key-disputed]')
})
