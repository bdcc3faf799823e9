import { join, resolve } from 'node:path';

import { z } from 'zod';

import { SetupError } from './errors.ts';

export const SURVEYS = ['ztf', 'lsst'] as const;
export type Survey = (typeof SURVEYS)[number];

const wholeNumber = z.coerce
  .number({ error: 'must be a whole number' })
  .int({ error: 'must be a whole number' });
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);
const flag = z
  .enum(['true', 'false', '1', '0', 'yes', 'no'])
  .transform((word) => word === 'true' || word === '1' || word === 'yes');
const pattern = z.string().transform((text, context) => {
  try {
    return new RegExp(`^(?:${text})$`);
  } catch (err) {
    context.addIssue({ code: 'custom', message: `is not a regular expression: ${String(err)}` });
    return z.NEVER;
  }
});

const topicPrefix = z
  .string()
  .regex(/^[\w.-]{1,64}$/, 'may have letters, digits, ".", "_" and "-"');

/** How to reach one Kafka: all settings of a connection. */
const KafkaSchema = z.strictObject({
  brokers: list.optional(),
  saslMechanism: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).optional(),
  saslUsername: z.string().optional(),
  saslPassword: z.string().optional(),
  tls: flag.default(false),
  /** Files in PEM form. */
  tlsCa: z.string().optional(),
  tlsCert: z.string().optional(),
  tlsKey: z.string().optional(),
  /** Consumer groups are named `<group>.<topic>`. */
  group: z.string().min(1).default('glint'),
  /** Where a topic that was never read before begins. */
  from: z.enum(['earliest', 'latest']).default('earliest'),
});
export type KafkaSettings = z.infer<typeof KafkaSchema>;

const ConfigSchema = z.strictObject({
  /** Where everything lives that is not code: servers, packs, logs. */
  home: z
    .string()
    .default('var')
    .transform((path) => resolve(path)),
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  logFormat: z.enum(['pretty', 'json']).default('pretty'),
  /** mysql://user:password@host:port ; without it a private server runs under `home`. */
  databaseUrl: z
    .string()
    .regex(/^(mysql|mariadb):\/\//, 'must look like mysql://user:password@host:port')
    .optional(),
  databasePoolSize: wholeNumber.min(2).max(200).default(10),
  webHost: z.string().default('127.0.0.1'),
  webPort: wholeNumber.min(0).max(65_535).optional(),
  /** Public address of the site, for links that leave it. */
  webUrl: z.url().optional(),
  kafka: KafkaSchema,
  ztfKafka: KafkaSchema.partial(),
  lsstKafka: KafkaSchema.partial(),
  ztfTopics: pattern.default(/^ztf_\d{8}_programid1$/),
  lsstTopics: pattern.default(/^lsst-alerts-v.+$/),
  /** Confluent-style registry; without it the schemas kept in the project are used. */
  lsstSchemaRegistry: z.url().optional(),
  lsstSchemaRegistryUser: z.string().optional(),
  lsstSchemaRegistryPassword: z.string().optional(),
  /** Packets a batch holds at the most, and how long it waits for them. */
  batchSize: wholeNumber.min(1).max(10_000).default(1_000),
  batchMs: wholeNumber.min(1).max(60_000).default(500),
  /** Bytes of packets held in memory before the stream is told to wait. */
  bufferBytes: wholeNumber.min(1_000_000).default(80_000_000),
  cutoutDir: z.string().optional(),
  /** Folder of the dust maps SFD_dust_4096_ngp.fits and SFD_dust_4096_sgp.fits. */
  sfdDir: z
    .string()
    .transform((path) => resolve(path))
    .optional(),
  /** Rendered stamps: their folder, how much of it may be kept, and how many nights are made ahead. */
  stampDir: z.string().optional(),
  stampCacheBytes: wholeNumber.min(1_000_000).default(4_000_000_000),
  stampNights: wholeNumber.min(0).max(36_500).default(2),
  /** The Transient Name Server, or its sandbox, and the bot that asks it: all three or none. */
  tnsUrl: z.url().default('https://www.wis-tns.org'),
  tnsBotId: wholeNumber.positive().optional(),
  tnsBotName: z.string().optional(),
  tnsApiKey: z.string().optional(),
  /** smtp://user:password@host:port or smtps://; without it links are printed in the log. */
  mailUrl: z
    .string()
    .regex(/^smtps?:\/\//, 'must look like smtp://user:password@host:port')
    .optional(),
  mailFrom: z.string().default('Glint <glint@localhost>'),
  /** Whether strangers may make accounts themselves. */
  signup: flag.default(true),
  /** Proxies before the site whose X-Forwarded-For is believed. */
  trustedProxies: wholeNumber.min(0).max(10).default(0),
  /** The account that runs users' queries; without it one is made, where the broker's own may. */
  sandboxDatabaseUrl: z
    .string()
    .regex(/^(mysql|mariadb):\/\//, 'must look like mysql://user:password@host:port')
    .optional(),
  /** Longest that a query may run on a page, from a program, and in a notebook: milliseconds. */
  sandboxTimeoutMs: wholeNumber.min(100).default(60_000),
  sandboxApiTimeoutMs: wholeNumber.min(100).default(300_000),
  notebookTimeoutMs: wholeNumber.min(1_000).default(300_000),
  /** Queries that run at once, over all users of this process. */
  sandboxPoolSize: wholeNumber.min(1).max(100).default(8),
  /** Rows that a query may have to look at, as the server estimates it before. */
  sandboxMaxRows: z.coerce.number().positive().default(2e9),
  /** host:port of the database as notebooks reach it; default: as the broker does. */
  notebookDatabase: z.string().optional(),
  /** How many days packets that could not be stored are kept; 0: for good. */
  deadLetterDays: wholeNumber.default(90),
  /** Longest that a filter may take on one batch, milliseconds, and how many run at once. */
  filterTimeoutMs: wholeNumber.min(100).default(2_000),
  filterPoolSize: wholeNumber.min(2).max(50).default(4),
  /** A filter that passes more of all alerts than this is not switched on. */
  filterMaxShare: z.coerce.number().positive().max(1).default(0.05),
  /** After so many days a filter is switched off unless its owner keeps it on. */
  filterDays: wholeNumber.min(1).default(180),
  /** How many nights matches, deliveries and verdicts of filters are kept. */
  filterNights: wholeNumber.min(1).default(30),
  /** Topics of filters are called so, then the number of the user and the name of the filter. */
  filterTopicPrefix: topicPrefix.default('lasair_'),
  /** Bytes that one filter may send to Kafka in a night. */
  filterQuotaBytes: wholeNumber.min(1_000).default(100_000_000),
  /** Kafka as the readers of filters reach it, host:port; default: as the broker does. */
  publicKafka: z.string().optional(),
  /** Whether Kafka asks its readers who they are: then topics of private filters are their owners' alone. */
  kafkaAccounts: flag.default(false),
  /** Topics that annotators write to are called so, then the name of the annotator. */
  annotationTopicPrefix: topicPrefix.default('annotations_'),
  /** Whether webhooks may go to addresses within the operator's own network. */
  webhookPrivate: flag.default(false),
});
type ParsedConfig = z.infer<typeof ConfigSchema>;

export type Config = Omit<
  ParsedConfig,
  'kafka' | 'ztfKafka' | 'lsstKafka' | 'cutoutDir' | 'stampDir'
> & {
  /** Folder of the cutout packs. */
  cutoutDir: string;
  /** Folder of the rendered stamps; all in it can be made again. */
  stampDir: string;
  /** The broker's own Kafka: topics that Glint writes. */
  kafka: KafkaSettings;
  /** The Kafka that each survey's stream comes from: `kafka` unless the survey names its own. */
  surveyKafka: Record<Survey, KafkaSettings>;
  topics: Record<Survey, RegExp>;
};

const KAFKA_PREFIXES = [
  ['ztfKafka', 'GLINT_ZTF_KAFKA_'],
  ['lsstKafka', 'GLINT_LSST_KAFKA_'],
  ['kafka', 'GLINT_KAFKA_'],
] as const;
/** Begins as a setting of a connection does, and is none. */
const NO_CONNECTION = 'GLINT_KAFKA_ACCOUNTS';

/**
 * The settings, from variables named `GLINT_*`; the words after the prefix are the names above in
 * capitals. Empty values count as absent.
 *
 * @throws {SetupError} naming every mistake at once, unknown variables among them.
 */
export function parseConfig(environment: Record<string, string | undefined>): Config {
  const flat: Record<string, unknown> = {};
  const nested: Record<string, Record<string, string>> = { kafka: {}, ztfKafka: {}, lsstKafka: {} };
  for (const [variable, value] of Object.entries(environment)) {
    if (!variable.startsWith('GLINT_') || value === undefined || value === '') continue;
    const group = KAFKA_PREFIXES.find(
      ([, prefix]) => variable.startsWith(prefix) && variable !== NO_CONNECTION,
    );
    if (group) nested[group[0]][camelCase(variable.slice(group[1].length))] = value;
    else flat[camelCase(variable.slice('GLINT_'.length))] = value;
  }
  const parsed = ConfigSchema.safeParse({ ...flat, ...nested });
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `  ${describeIssue(issue)}`);
    throw new SetupError(
      `these settings cannot be used:\n${problems.join('\n')}\n.env.example lists them all`,
    );
  }
  const { kafka, ztfKafka, lsstKafka, cutoutDir, stampDir, ...rest } = parsed.data;
  return {
    ...rest,
    cutoutDir: resolve(cutoutDir ?? join(rest.home, 'cutouts')),
    stampDir: resolve(stampDir ?? join(rest.home, 'stamps')),
    kafka,
    surveyKafka: {
      ztf: { ...kafka, ...definedOnly(nested.ztfKafka, ztfKafka) },
      lsst: { ...kafka, ...definedOnly(nested.lsstKafka, lsstKafka) },
    },
    topics: { ztf: rest.ztfTopics, lsst: rest.lsstTopics },
  };
}

/** Only what the environment named: defaults of a survey's own block must not hide the general one. */
function definedOnly(given: Record<string, string>, parsed: Partial<KafkaSettings>) {
  return Object.fromEntries(Object.entries(parsed).filter(([name]) => name in given));
}

function camelCase(words: string): string {
  return words.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}

function describeIssue(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.map((key) => variableName([...issue.path, key]));
    return `${names.join(', ')}: there is no such setting`;
  }
  return `${variableName(issue.path)}: ${issue.message}`;
}

function variableName(path: PropertyKey[]): string {
  return `GLINT_${path.map((part) => String(part).replace(/[A-Z]/g, (letter) => `_${letter}`)).join('_')}`.toUpperCase();
}
