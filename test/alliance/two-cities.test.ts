import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { approveDraftRoute, createDraft } from '#contract/drafts.ts'
import type { TrustIndex } from '#contract/public.ts'
import { draftRecognitionRoute } from '#contract/recognitions.ts'
import { changeStatusRoute } from '#contract/records.ts'
import { encodeBase64url } from '#core/encoding/base64url.ts'
import { dayOf, instantOf, secondsOf } from '#core/model/instant.ts'
import { issueStatusListToken } from '#core/status/status-list-token.ts'
import { deflate, nodeEngine } from '#custody/engine-node.ts'
import { closeKey, rotateKey } from '#registry/rotate-key.ts'
import { countersignFile, proposeAllianceList } from '#registry/sign-trust-file.ts'
import { signingKeysOf } from '#registry/signing-keys-of.ts'
import { takeTrustFiles } from '#registry/held-trust.ts'

import { formAlliances, type FormedAlliance } from '../../scripts/demo/form-alliances.ts'
import { titleDraft } from '../support/examples.ts'
import { makeTestKey, manifestKey, manifestPayload, makeCity, signManifest } from '../support/make-alliance.ts'
import { openCity, openWorld, type Answer, type City, type Verdict } from './open-cities.ts'

const hour = 3600
const day = 24 * hour
const request = { actor: 'cli:test' }
const world = openWorld()
const cities: City[] = []
let [jinan, zibo, binzhou, qingdao]: City[] = []
let circle: FormedAlliance

const must = (city: City | undefined): City => city!

beforeAll(async () => {
  for (const division of ['370100', '370300', '371600', '370200']) cities.push(await openCity(division, world))
  ;[jinan, zibo, binzhou, qingdao] = cities
  const formed = await formAlliances(
    new Map(cities.map(({ division, office }) => [division, office()])),
    new Map(cities.map(({ division, front }) => [division, front.url])),
  )
  circle = formed.find(({ id }) => id === 'sd-capital-circle')!
  for (const city of cities) await city.refresh()
})
afterEach(async () => {
  for (const { front } of cities) front.tellTheTruth()
})
afterAll(async () => {
  for (const city of cities) await city.close()
})
