import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { readPaperDictionary } from '../src/core/paper/paper-dictionary.ts'
import { RuleSet } from '../src/core/rules/rule-set.ts'
import { dictionaryLines } from './paper/dictionary-text.ts'

// Writes the next dictionary of the paper code from today's code tables: `node scripts/make-paper-dictionary.ts 2`. One that is there already
// is never written over: every code that was printed with it needs its bytes for ever.

const root = join(import.meta.dirname, '..')
const version = Number(process.argv[2])
if (!Number.isInteger(version) || version < 1 || version > 15) throw new RangeError('which version, 1 to 15?')
const rules = join(root, 'schema/rules')
const ruleSets = readdirSync(rules)
  .filter((name) => name.endsWith('.json'))
  .toSorted()
  .map((name) => RuleSet.parse(JSON.parse(readFileSync(join(rules, name), 'utf8'))))
const text = `${dictionaryLines(ruleSets).join('\n')}\n`
const bytes = readPaperDictionary(text).length
// Deflate reaches back 32,768 bytes less what it looks ahead (262), and the text itself moves on.
if (bytes > 31_500) throw new RangeError(`${bytes} bytes: more than deflate reaches back to`)
writeFileSync(join(root, `schema/paper/dictionary-${version}.txt`), text, { flag: 'wx' })
console.log(`schema/paper/dictionary-${version}.txt: ${bytes} bytes condensed`)
