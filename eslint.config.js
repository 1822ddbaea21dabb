// Rules with judgement in them live here; layers, sizes and names are in test/tidy.test.ts, and
// layout belongs to Prettier. Type-aware rules are few and chosen, to keep `npm run check` fast.
import js from '@eslint/js'
import { defineConfig, globalIgnores } from 'eslint/config'
import svelte from 'eslint-plugin-svelte'
import globals from 'globals'
import ts from 'typescript-eslint'
import svelteConfig from './svelte.config.js'

const everywhere = {
  eqeqeq: ['error', 'always'],
  'no-console': 'off',
  'no-eval': 'error',
  'no-implied-eval': 'error',
  'no-new-func': 'error',
  'no-var': 'error',
  'object-shorthand': 'error',
  'prefer-const': 'error',
  'prefer-template': 'error',
  'no-useless-rename': 'error',
  'no-else-return': 'error',
  'no-lonely-if': 'error',
  'no-empty': ['error', { allowEmptyCatch: false }],
}

/**
 * On top of typescript-eslint's strict set; of the type-aware rules only those worth their time.
 */
const typed = {
  '@typescript-eslint/await-thenable': 'error',
  '@typescript-eslint/consistent-type-exports': 'error',
  '@typescript-eslint/consistent-type-imports': 'error',
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-base-to-string': 'error',
  '@typescript-eslint/no-for-in-array': 'error',
  '@typescript-eslint/no-misused-promises': 'error',
  '@typescript-eslint/no-unnecessary-type-assertion': 'error',
  '@typescript-eslint/no-unsafe-argument': 'error',
  '@typescript-eslint/no-unsafe-return': 'error',
  '@typescript-eslint/only-throw-error': 'error',
  '@typescript-eslint/prefer-promise-reject-errors': 'error',
  '@typescript-eslint/unbound-method': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': [
    'error',
    { considerDefaultExhaustiveForUnions: true },
  ],
  '@typescript-eslint/no-unused-vars': [
    'error',
    { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
  ],
  '@typescript-eslint/restrict-template-expressions': [
    'error',
    { allowNumber: true, allowBoolean: true },
  ],
  // An index proved in range is the normal case in the simulator's typed arrays.
  '@typescript-eslint/no-non-null-assertion': 'off',
  '@typescript-eslint/no-extraneous-class': 'off',
  '@typescript-eslint/no-invalid-void-type': 'off',
  '@typescript-eslint/unified-signatures': 'off',
}

export default defineConfig(
  globalIgnores(['node_modules', 'dist', 'out', 'release', 'coverage', '.svelte-check']),
  js.configs.recommended,
  { rules: everywhere },
  {
    files: ['**/*.ts'],
    extends: [ts.configs.strict],
    languageOptions: { parserOptions: { projectService: true } },
    rules: typed,
  },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: { globals: globals.node },
  },
  {
    files: ['src-renderer/**'],
    languageOptions: { globals: globals.browser },
  },
  ...svelte.configs.recommended,
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig },
    },
  },
  {
    // State holds collections that are replaced, not changed, so plain ones are right.
    files: ['src-renderer/**'],
    rules: { 'svelte/prefer-svelte-reactivity': 'off' },
  },
  {
    files: ['**/*.svelte'],
    plugins: { '@typescript-eslint': ts.plugin },
    rules: {
      // svelte-check reports undefined names, with the component's types in view.
      'no-undef': 'off',
      'no-unused-vars': 'off',
      // Knows that the names destructured from $props() are declared together.
      'prefer-const': 'off',
      'svelte/prefer-const': ['error', { excludedRunes: ['$props'] }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': typed['@typescript-eslint/no-unused-vars'],
      'svelte/no-at-html-tags': 'error',
      'svelte/no-target-blank': 'error',
    },
  },
)
