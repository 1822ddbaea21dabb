// Property tests draw from a fixed seed, so that a red run can be repeated and a green one means
// the same everywhere. FLEXLAB_PROPERTY_SEED=<number> explores others.
import fc from 'fast-check'

fc.configureGlobal({ seed: Number(process.env['FLEXLAB_PROPERTY_SEED'] ?? 20_150_201) })
