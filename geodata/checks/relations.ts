import { type Fault, type IncidentFile, incidentFile } from '../files.ts';
import { rangeOf } from '../times.ts';

/** Relations to incidents that do not exist, point the wrong way, or are said by one side only. */
export function checkRelations(incidents: readonly IncidentFile[]): Fault[] {
  const known = new Map(incidents.map((incident) => [incident.id, incident]));
  const reasons = ({ id, properties }: IncidentFile): string[] =>
    properties.relations.flatMap(({ relation, incident }) => {
      const other = known.get(incident);
      if (other === undefined) return [`${relation} ${incident}: no such incident`];
      if (incident === id) return [`${relation} itself`];
      if (relation === 'repeat_strike') {
        return rangeOf(other.properties.time).from > rangeOf(properties.time).from
          ? [`${relation} ${incident}, which is the later one`]
          : [];
      }
      const back = other.properties.relations.some(
        (theirs) => theirs.relation === relation && theirs.incident === id,
      );
      return back ? [] : [`${relation} ${incident}, which does not say so too`];
    });
  return incidents.flatMap((incident) =>
    reasons(incident).map((reason) => ({
      file: incidentFile(incident.id),
      record: incident.id,
      reason,
    })),
  );
}
