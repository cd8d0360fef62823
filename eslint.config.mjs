import js from '@eslint/js';
import next from '@next/eslint-plugin-next';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

// Who may lean on whom, as ARCHITECTURE.md draws it. A scope may always import itself's own files.
const leansOn = {
  'shared-types': [],
  validation: ['shared-types'],
  database: ['shared-types'],
  queue: ['validation', 'shared-types'],
  'service-kit': ['validation', 'shared-types'],
  'token-verifier': ['validation', 'shared-types'],
  'auth-client': ['validation', 'shared-types'],
  'api-client': ['validation', 'shared-types'],
  ui: [],
  testing: ['database', 'queue', 'service-kit', 'validation', 'shared-types'],
  tools: ['database', 'queue', 'validation', 'shared-types'],
};
const serverLibs = ['database', 'queue', 'service-kit', 'token-verifier', 'validation', 'shared-types'];
const scopes = (names) => names.map((name) => `scope:${name}`);

const boundaries = [
  ...Object.entries(leansOn).map(([scope, allowed]) => ({
    sourceTag: `scope:${scope}`,
    onlyDependOnLibsWithTags: scopes([scope, ...allowed]),
  })),
  {
    sourceTag: 'app:auth',
    onlyDependOnLibsWithTags: scopes([...serverLibs.filter((n) => n !== 'token-verifier'), 'testing']),
  },
  { sourceTag: 'app:api', onlyDependOnLibsWithTags: scopes([...serverLibs, 'testing']) },
  {
    sourceTag: 'app:web',
    onlyDependOnLibsWithTags: scopes(['auth-client', 'api-client', 'ui', 'validation', 'shared-types']),
  },
  {
    sourceTag: 'scope:e2e',
    onlyDependOnLibsWithTags: scopes(['e2e', 'testing', 'tools', 'shared-types', 'validation']),
  },
  {
    sourceTag: 'scope:bench',
    onlyDependOnLibsWithTags: scopes(['bench', 'testing', 'service-kit', 'token-verifier']),
  },
  { sourceTag: 'runtime:browser', onlyDependOnLibsWithTags: ['runtime:browser', 'runtime:any'] },
  { sourceTag: 'runtime:any', onlyDependOnLibsWithTags: ['runtime:any'] },
];

export default tseslint.config(
  {
    ignores: [
      '**/node_modules/**',
      '**/.next/**',
      '**/dist/**',
      '**/.nx/**',
      '**/.tap/**',
      '**/.stryker-tmp/**',
      '**/.data/**',
      '**/generated/**',
      '**/next-env.d.ts',
      '**/artifacts/**',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked.map((config) => ({ ...config, files: ['**/*.ts', '**/*.tsx'] })),
  {
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          allow: [],
          depConstraints: boundaries,
          enforceBuildableLibDependency: false,
          banTransitiveDependencies: false,
        },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      // Numbers and booleans read well inside template strings; objects do not and stay refused.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // Fastify handlers and plugins are async by contract even when they have nothing to await.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Type-only parameters document what a generic call returns (queries, responses).
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      'no-console': 'error',
    },
  },
  {
    // Only the configuration and the entry files read the environment.
    files: ['apps/*/src/**/*.ts', 'libs/*/src/**/*.ts'],
    ignores: ['apps/*/src/config.ts', 'apps/*/src/*main.ts', 'libs/service-kit/src/config/**', 'libs/testing/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Read the environment in config.ts and pass values in.' },
      ],
    },
  },
  {
    // Installed anywhere, so its source stands on Node alone; the tests hold it to @alva/validation.
    files: ['libs/token-verifier/src/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^(?!node:|\\./|fastify$)', message: 'The package has no dependencies.' }] },
      ],
    },
  },
  {
    // Inside a service only stores (and what opens and migrates the database) speak SQL.
    files: ['apps/*/src/**/*.ts'],
    ignores: ['apps/*/src/**/*.store.ts', 'apps/*/src/{,command-}resources.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: '@alva/database',
              allowTypeImports: true,
              // What entries say when it cannot be used.
              allowImportNames: ['explainDatabaseFailure'],
              message: 'Only *.store.ts, resources.ts and command-resources.ts import the database.',
            },
            { name: 'postgres', message: 'Use @alva/database in a store.' },
            { name: 'drizzle-orm', message: 'Use @alva/database in a store.' },
          ],
        },
      ],
    },
  },
  {
    // A file's top-level tests are nobody's to await: tap itself runs and waits for them.
    files: ['**/test/**/*.ts', 'e2e/**/*.ts'],
    rules: {
      '@typescript-eslint/no-floating-promises': 'off',
      '@typescript-eslint/no-meaningless-void-operator': 'off',
    },
  },
  {
    files: ['apps/web/**/*.{ts,tsx}', 'libs/ui/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks, '@next/next': next },
    settings: { next: { rootDir: 'apps/web' } },
    rules: {
      ...reactHooks.configs.recommended.rules,
      ...next.configs.recommended.rules,
      ...next.configs['core-web-vitals'].rules,
    },
  },
  // Commands talk to a person at a terminal.
  { files: ['tools/**', 'e2e/**'], rules: { 'no-console': 'off' } },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', URL: 'readonly', setInterval: 'readonly' },
    },
  },
  prettier,
);
