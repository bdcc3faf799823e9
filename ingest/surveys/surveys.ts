import type { Config, Survey } from '../../common/config.ts';
import type { Log } from '../../common/log.ts';
import type { Enrichment } from './enrichment.ts';
import { createLsstWork } from './lsst/lsst-work.ts';
import { createLsstReader } from './lsst/read-lsst.ts';
import { createSchemaSource } from './lsst/registry.ts';
import type { Alert, SurveyIngest } from './survey.ts';
import { createZtfReader } from './ztf/read-ztf.ts';
import { createZtfWork } from './ztf/ztf-work.ts';

/** A survey to store alerts of, by name. */
export function openSurvey(
  name: Survey,
  config: Config,
  log: Log,
  enrichment: Enrichment,
): SurveyIngest {
  switch (name) {
    case 'ztf':
      return {
        survey: name,
        read: createZtfReader(),
        createWork: () => createZtfWork(enrichment),
      };
    case 'lsst':
      return {
        survey: name,
        read: openLsstReader(config, log),
        createWork: () => createLsstWork(enrichment),
      };
  }
}

/** What reads a survey's packets, by name. */
export function openReader(name: Survey, config: Config, log: Log): SurveyIngest<Alert>['read'] {
  switch (name) {
    case 'ztf':
      return createZtfReader();
    case 'lsst':
      return openLsstReader(config, log);
  }
}

function openLsstReader(config: Config, log: Log) {
  return createLsstReader(
    createSchemaSource({
      registryUrl: config.lsstSchemaRegistry,
      user: config.lsstSchemaRegistryUser,
      password: config.lsstSchemaRegistryPassword,
      log,
    }),
  );
}
