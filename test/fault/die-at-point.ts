import { openStrikes, openWorld, type Moment } from './crash-world.ts'
import { tellStory } from './crash-story.ts'

// Tells the story of a record to three cities until this process is killed, by itself, at a point of it. Started by the test beside it:
//   node die-at-point.ts FOLDER POINT failed|persisted
const [folder, point, moment] = process.argv.slice(2) as [string, string, Moment] // given by that test
const strikes = openStrikes({ point, moment, fate: 'dies' }, () => process.kill(process.pid, 'SIGKILL'))
await tellStory(await openWorld(folder, strikes))
process.stdout.write('it came to its end\n')
