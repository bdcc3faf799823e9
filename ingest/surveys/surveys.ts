import type { Config, Survey } from '../../common/config.ts';
import type { Log } from '../../common/log.ts';
import { createLsstWork } from './lsst/lsst-work.ts';
import { createLsstReader } from './lsst/read-lsst.ts';
import { createSchemaSource } from './lsst/registry.ts';
import type { Alert, SurveyIngest } from './survey.ts';
import { createZtfReader } from './ztf/read-ztf.ts';
import { createZtfWork } from './ztf/ztf-work.ts';

/** Every survey, by name: the one place that lists them. */
export function openSurvey(name: Survey, config: Config, log: Log): SurveyIngest {
  switch (name) {
    case 'ztf':
      return erase({ survey: name, read: createZtfReader(), createWork: createZtfWork });
    case 'lsst': {
      const schemas = createSchemaSource({
        registryUrl: config.lsstSchemaRegistry,
        user: config.lsstSchemaRegistryUser,
        password: config.lsstSchemaRegistryPassword,
        log,
      });
      return erase({ survey: name, read: createLsstReader(schemas), createWork: createLsstWork });
    }
  }
}

/** A survey's work only ever meets alerts of its own reader, so the pipeline need not know their type. */
function erase<A extends Alert>(survey: SurveyIngest<A>): SurveyIngest {
  return survey as SurveyIngest;
}
