// What an fsync takes in this process, in microseconds: run where every one is made to take longer.
import { probeFsync } from './fsync.ts'

process.stdout.write(String(probeFsync().median))
