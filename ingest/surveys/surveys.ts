import type { Config, Survey } from '../../common/config.ts';
import type { Log } from '../../common/log.ts';
import { createLsstWork } from './lsst/lsst-work.ts';
import { createLsstReader } from './lsst/read-lsst.ts';
import { createSchemaSource } from './lsst/registry.ts';
import type { SurveyIngest } from './survey.ts';
import { createZtfReader } from './ztf/read-ztf.ts';
import { createZtfWork } from './ztf/ztf-work.ts';

/** Every survey, by name: the one place that lists them. */
export function openSurvey(name: Survey, config: Config, log: Log): SurveyIngest {
  switch (name) {
    case 'ztf':
      return { survey: name, read: createZtfReader(), createWork: createZtfWork };
    case 'lsst': {
      const schemas = createSchemaSource({
        registryUrl: config.lsstSchemaRegistry,
        user: config.lsstSchemaRegistryUser,
        password: config.lsstSchemaRegistryPassword,
        log,
      });
      return { survey: name, read: createLsstReader(schemas), createWork: createLsstWork };
    }
  }
}
