import { createWorld, sourceHistory } from '../../../ingest/simulate/history.ts';
import type { PacketParts, SourceHistory, World } from '../../../ingest/simulate/history.ts';
import { lsstPacket } from '../../../ingest/simulate/lsst-packet.ts';
import type { NightOptions } from '../../../ingest/simulate/options.ts';
import type { NightPlan } from '../../../ingest/simulate/plan.ts';
import { planNights } from '../../../ingest/simulate/plan.ts';
import { ztfPacket } from '../../../ingest/simulate/ztf-packet.ts';

export interface MadePacket extends PacketParts {
  bytes: Buffer;
  history: SourceHistory;
  place: number;
}

export const NIGHT: NightOptions = {
  survey: 'ztf',
  alerts: 250,
  seed: 11,
  nights: 3,
  startNight: 3246,
  workload: 'night',
};

/** The packets of a night, made in this thread, with the truth beside them. */
export function makePackets(options: NightOptions): {
  world: World;
  preload: MadePacket[];
  measured: MadePacket[];
} {
  const plan = planNights(options);
  const world = createWorld(options, plan.ordinals);
  const histories = new Map<number, SourceHistory>();
  const write = options.survey === 'ztf' ? ztfPacket : lsstPacket;
  const make = (night: NightPlan) =>
    Array.from(night.source, (index, n) => {
      const history = histories.get(index) ?? sourceHistory(world, index);
      histories.set(index, history);
      const place = history.places.get(night.look[n]) ?? -1;
      const parts = write(world, history, place);
      return { ...parts, bytes: Buffer.concat(parts.pieces), history, place };
    });
  return { world, preload: make(plan.preload), measured: make(plan.measured) };
}
