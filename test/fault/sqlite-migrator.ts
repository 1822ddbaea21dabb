/** The victim of sqlite-migration-kills.ts: opens a library, which migrates it. */
import { writeSync } from 'node:fs'
import { open } from '../store/library-fixture.ts'

const [, , file, migrationsFolder] = process.argv
const fromMs = performance.now()
writeSync(1, 'opening\n')
const store = await open(file!, { migrationsFolder: migrationsFolder! })
writeSync(1, `opened ${performance.now() - fromMs}\n`)
await store.close()
