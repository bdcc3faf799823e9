import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { parseConfig } from '../../common/config.ts';
import { projectRoot } from '../../common/project-root.ts';

const example = readFileSync(join(projectRoot, '.env.example'), 'utf8');
const named = [...example.matchAll(/^#(GLINT_[A-Z_]+)=(.*)$/gm)].map(([, name, value]) => ({
  name,
  value,
}));

/** Names of the settings, read from the source of the schema: a name a line. */
function settingsOf(schema: string): string[] {
  const source = readFileSync(join(projectRoot, 'common', 'config.ts'), 'utf8');
  const block = source.slice(source.indexOf(`const ${schema} = z.strictObject({`));
  const lines = block.slice(0, block.indexOf('\n});')).split('\n');
  return lines.flatMap((line) => /^ {2}(\w+):/.exec(line)?.[1] ?? []);
}

function variable(prefix: string, name: string): string {
  return `${prefix}${name.replace(/[A-Z]/g, (letter) => `_${letter}`)}`.toUpperCase();
}

describe('.env.example', () => {
  it('names every setting once, and nothing else', () => {
    const prefixes = ['kafka', 'ztfKafka', 'lsstKafka'];
    const plain = settingsOf('ConfigSchema').filter((name) => !prefixes.includes(name));
    const expected = [
      ...plain.map((name) => variable('GLINT_', name)),
      ...['GLINT_KAFKA_', 'GLINT_ZTF_KAFKA_', 'GLINT_LSST_KAFKA_'].flatMap((prefix) =>
        settingsOf('KafkaSchema').map((name) => variable(prefix, name)),
      ),
    ];
    expect(expected.length).to.be.greaterThan(40);
    expect(named.map(({ name }) => name)).to.have.members(expected);
  });

  it('shows values that can be used', () => {
    const environment = Object.fromEntries(named.map(({ name, value }) => [name, value]));
    expect(() => parseConfig(environment)).not.to.throw();
  });

  it('says one line about each setting', () => {
    const lines = example.split('\n');
    const silent = lines.filter(
      (line, i) => /^#GLINT_/.test(line) && !/^# \S/.test(lines[i - 1] ?? ''),
    );
    expect(silent).to.deep.equal([]);
  });
});
