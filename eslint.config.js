import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** Folders that a folder may never import from: the alert's way through the program in one table. */
const FORBIDDEN = {
  common: ['ingest', 'post_ingest', 'skymap', 'webapp', 'bin', 'test', 'bench'],
  // The one exception of the architecture: ingest calls the steps of post_ingest.
  ingest: ['skymap', 'webapp', 'bin', 'test', 'bench'],
  post_ingest: ['ingest', 'skymap', 'webapp', 'bin', 'test', 'bench'],
  skymap: ['ingest', 'post_ingest', 'webapp', 'bin', 'test', 'bench'],
  webapp: ['ingest', 'post_ingest', 'skymap', 'bin', 'test', 'bench'],
};

const folderRule = (forbidden) => ({
  group: forbidden.map((folder) => `**/${folder}/**`),
  message: 'folders import common/ and never each other (docs/architecture.md)',
});
const onlyStore = { name: 'mysql2/promise', message: 'only common/store speaks SQL' };
const onlyStoreRaw = { name: 'mysql2', message: 'only common/store speaks SQL' };
const onlyStream = { name: 'kafkajs', message: 'only common/stream speaks Kafka' };
const noEnvironment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'only bin/ reads the environment: take it from the Context',
};

export default tseslint.config(
  { ignores: ['node_modules', 'dist', 'var'] },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked.map((config) => ({ ...config, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  ...Object.entries(FORBIDDEN).map(([folder, forbidden]) => ({
    files: [`${folder}/**/*.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [folderRule(forbidden)], paths: [onlyStore, onlyStoreRaw, onlyStream] },
      ],
      'no-restricted-syntax': ['error', noEnvironment],
    },
  })),
  {
    files: ['common/astro/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: '^(?!\\./)(?!\\.\\./errors\\.ts$)', message: 'maths imports nothing else' },
          ],
        },
      ],
    },
  },
  {
    files: ['common/store/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [folderRule(FORBIDDEN.common)], paths: [onlyStream] },
      ],
    },
  },
  {
    files: ['common/stream/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [folderRule(FORBIDDEN.common)], paths: [onlyStore, onlyStoreRaw] },
      ],
    },
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: { '@typescript-eslint/no-unused-expressions': 'off' },
  },
  {
    files: ['bin/**/*.js', 'eslint.config.js'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
  {
    files: ['static/**/*.js'],
    languageOptions: {
      sourceType: 'module',
      globals: {
        window: 'readonly',
        document: 'readonly',
        fetch: 'readonly',
        Plotly: 'readonly',
        localStorage: 'readonly',
        URL: 'readonly',
        console: 'readonly',
      },
    },
  },
  prettier,
);
