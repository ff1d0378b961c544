import sql from 'sql-template-tag';
import type { Database, QueryOptions } from '../db/database.ts';
import type { Expression } from '../domain/cql2/expression.ts';

/**
 * Refuses an expression with an area that crosses or overlaps itself: PostGIS cannot relate it.
 * @throws {RangeError} with a sentence that says what is wrong and where.
 */
export async function refuseInvalidAreas(
  database: Database,
  expression: Expression,
  options: QueryOptions,
): Promise<void> {
  const areas = areasIn(expression);
  if (areas.length === 0) return;
  const texts = areas.map(({ geometry }) => JSON.stringify(geometry));
  const reasons = await database.query<{ reason: string }>(
    sql`SELECT ST_IsValidReason(ST_GeomFromGeoJSON(g.text)) AS reason
          FROM unnest(${texts}::text[]) WITH ORDINALITY AS g(text, position)
         ORDER BY g.position`,
    options,
  );
  for (const [index, { reason }] of reasons.entries()) {
    if (reason === 'Valid Geometry') continue;
    throw new RangeError(`has a geometry ${areas[index]?.at ?? ''} that is not valid: ${reason}`);
  }
}

type GeometryNode = Extract<Expression, { kind: 'geometry' }>;

function areasIn(node: Expression): GeometryNode[] {
  if (node.kind === 'operation') return node.args.flatMap(areasIn);
  const isArea =
    node.kind === 'geometry' && !/^(?:Multi)?(?:Point|LineString)$/.test(node.geometry.type);
  return isArea ? [node] : [];
}
